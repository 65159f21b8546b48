// SPDX-License-Identifier: GPL-2.0-only
/** A kernel with three mistakes, one of which a scenario switches on by its slice: each ends executions in its way. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTrees, machineEntries } from '#src/engine/fibers/compile/build.js';
import { LOCK_CLASS } from '#src/kernel/abi/lock_classes.js';
import type { Scenario } from '#src/scenario/types.js';
import { projectRoot } from '../arch/source.js';

/** machine.sliceSteps */
export const MISTAKE = { lostWakeup: 1001, keptLock: 1002, bug: 1003 } as const;

const completion = 'src/kernel/locking/completion.ts';
/** The third control path, which would look around again and again, sleeps until the machine stops. */
const pause = 'src/workload/torture/pause.ts';
const spinlock = 'src/kernel/locking/spinlock.ts';
const fork = 'src/kernel/sched/fork.ts';

/** A folder with the trees; `remove` deletes it. */
export function buildBrokenKernel(): { trees: string; remove: () => void } {
  const trees = mkdtempSync(join(tmpdir(), 'klp-token-'));
  const replaced = new Map([
    [
      pause,
      changed(pause, [
        [
          'schedule_timeout(k, Math.min(left, SLICE_MS));',
          `schedule_timeout(k, k.cfg.slice_steps > 1000 && k.cfg.slice_steps < ${MISTAKE.bug} && k.actor === k.nr_cpus + 3 ? Number.POSITIVE_INFINITY : Math.min(left, SLICE_MS));`,
        ],
      ]),
    ],
    [
      completion,
      changed(completion, [
        ['  wake_up_locked(', `  if (k.cfg.slice_steps !== ${MISTAKE.lostWakeup}) wake_up_locked(`],
      ]),
    ],
    [
      spinlock,
      changed(spinlock, [
        [
          '  smp_store_release(k, lock, raw_spinlock.val, 0);',
          `  if (k.cfg.slice_steps !== ${MISTAKE.keptLock} || load(k, lock, raw_spinlock.dep_map) !== ${LOCK_CLASS['&x->wait']})
    smp_store_release(k, lock, raw_spinlock.val, 0);`,
        ],
      ]),
    ],
    [
      fork,
      changed(fork, [
        [
          'export function copy_process(k: Kernel, program: number): boolean {\n',
          `export function copy_process(k: Kernel, program: number): boolean {\n  if (k.cfg.slice_steps === ${MISTAKE.bug} && k.actor === 1) throw new Error(\`BUG: fork of \${program}\`);\n`,
        ],
      ]),
    ],
  ]);
  const { problems } = buildTrees({
    root: projectRoot,
    entries: machineEntries,
    replaced,
    out: trees,
    dist: join(projectRoot, 'dist'),
    trees: ['fast', 'token'],
  });
  if (problems.length > 0) throw new Error(problems.map((p) => `${p.file}:${p.line}: ${p.text}`).join('\n'));
  return { trees, remove: () => rmSync(trees, { recursive: true, force: true }) };
}

function changed(path: string, edits: readonly (readonly [string, string])[]): string {
  let text = readFileSync(join(projectRoot, path), 'utf8');
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${path} has no "${from}" any more`);
    text = text.replace(from, () => to);
  }
  return text;
}

export function withMistake(scenario: Scenario, sliceSteps: number): Scenario {
  return { ...scenario, machine: { ...scenario.machine, sliceSteps } };
}

/** Only hotplug, and nothing that wakes by itself after a time: who is not woken sleeps for ever. */
export function onlyHotplug(scenario: Scenario): Scenario {
  const { hotplug, livepatch } = scenario.control;
  const control = {
    livepatch: { ...livepatch, operations: 0 },
    hotplug,
    stutter: null,
    shuffle: null,
    wakers: null,
    readers: null,
  };
  return { ...scenario, patches: [], programs: [], control };
}
