// SPDX-License-Identifier: GPL-2.0-only
/**
 * Bugs that need weak memory, as barriers left out, and the executions that show them:
 * `npm run build && node dist/test/regress/dropped.js` searches for them, or for those named, and writes dropped.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseName } from '#src/explore/barrier_cases.js';
import { chosenCases, runBarriers } from '#src/explore/barrier_runs.js';
import type { MemoryName } from '#src/explore/subject.js';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import type { KnownToken } from './tokens.js';

export interface DroppedBug {
  /** As caseName has it. */
  readonly name: string;
  /** The weakest model that shows it. */
  readonly memory: MemoryName;
  readonly code: string;
}

export const droppedBugs: Readonly<Record<string, DroppedBug>> = {
  A1: { name: 'KLP_W_INIT@disable', memory: 'weak', code: 'KLP-UNDEF' },
  B1: { name: 'KLP_W_DISABLE@disable', memory: 'weak', code: 'KLP-WRONG-VERSION' },
  E2: { name: 'KLP_R_STATE@disable', memory: 'weak', code: 'KLP-UNDEF' },
  'cr-reverse-missing-wmb': { name: 'KLP_W_REVERSE@reverse', memory: 'weak', code: 'KLP-WRONG-TARGET' },
  'cr-try-switch-missing-rmb': { name: 'KLP_R_SCHED@disable', memory: 'weak', code: 'KLP-WRONG-TARGET' },
  'rcuwait-wake-barrier': { name: 'RCUWAIT_B', memory: 'tso', code: 'PROG-LOST-WAKEUP' },
  M5: { name: 'RCUWAIT_A', memory: 'tso', code: 'EXPLORE-DEADLOCK' },
  M1: { name: 'PRW_A', memory: 'tso', code: 'RWSEM-EXCL' },
  PRW_B: { name: 'PRW_B', memory: 'weak', code: 'RWSEM-STALE' },
  PRW_C: { name: 'PRW_C', memory: 'weak', code: 'RWSEM-STALE' },
  PRW_D: { name: 'PRW_D', memory: 'weak', code: 'RWSEM-EXCL' },
  PRW_REL: { name: 'PRW_REL', memory: 'weak', code: 'RWSEM-STALE' },
  PRW_WQ: { name: 'PRW_WQ', memory: 'weak', code: 'RWSEM-STALE' },
  RCU_GP: { name: 'RCU_GP', memory: 'weak', code: 'RWSEM-EXCL' },
  RCU_QS: { name: 'RCU_QS', memory: 'weak', code: 'RWSEM-EXCL' },
  IPI_SEND: { name: 'IPI_SEND', memory: 'weak', code: 'PROG-LOST-WAKEUP' },
  STOP_WORK: { name: 'STOP_WORK', memory: 'weak', code: 'EXPLORE-LIVELOCK' },
};

const file = join(packageRoot, 'test/regress/dropped.json');

export function readDropped(): Readonly<Record<string, KnownToken>> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `only`: ids; none: all, and the tokens of no others are kept. */
async function search(only: readonly string[]): Promise<void> {
  const tokens: Record<string, KnownToken> = only.length === 0 ? {} : { ...readDropped() };
  for (const [id, { name, memory }] of Object.entries(droppedBugs)) {
    if (only.length > 0 && !only.includes(id)) continue;
    const [found] = await runBarriers(
      chosenCases(name).filter((c) => caseName(c) === name),
      {
        executions: 2048,
        workers: 1,
        memories: [memory],
        book: null,
        signal: new AbortController().signal,
        onResult: (r) => process.stdout.write(`${id}: ${r.code ?? 'not'} in ${r.executions} executions\n`),
      },
    );
    if (found?.token == null || found.code === null) continue;
    const { code, executions, scheduler, token } = found;
    tokens[id] = { code, execution: executions - 1, scheduler: scheduler ?? '', token };
  }
  writeFileSync(file, `${JSON.stringify(tokens, null, 2)}\n`);
}

if (process.argv[1]?.endsWith('dropped.js') === true) await search(process.argv.slice(2));
