// SPDX-License-Identifier: GPL-2.0-only
/** Each barrier left out under each memory model: what a search finds, against what is expected of it. */
import { type BarrierCase, barrierCases, caseName, placesFor } from './barrier_cases.js';
import { createPool, searchFirst } from './campaign.js';
import { droppedName } from './dropped.js';
import { reportFinding } from './finding_report.js';
import { makeSubject } from './prepare.js';
import { type MemoryName, memoryNames } from './subject.js';

export interface BarrierResult {
  readonly name: string;
  readonly ids: readonly string[];
  readonly direction: string | null;
  readonly memory: MemoryName;
  readonly expected: BarrierCase['expected'];
  readonly because: string;
  readonly found: boolean;
  readonly code: string | null;
  readonly scenario: string | null;
  /** Up to the violation, or all that were made. */
  readonly executions: number;
  readonly token: string | null;
  /**
   * false: found where it must not be, or not found where it must be. null: neither was said. A model stronger than
   * the one expected must find nothing.
   */
  readonly asExpected: boolean | null;
}

export interface BarrierRunOptions {
  /** In each place. */
  readonly executions: number;
  readonly workers: number;
  readonly seed?: number | undefined;
  readonly signal: AbortSignal;
  onResult(result: BarrierResult, done: number, total: number): void;
}

/** Cases with `only` in their name. */
export function chosenCases(only: string | undefined): BarrierCase[] {
  return barrierCases().filter((c) => only === undefined || caseName(c).includes(only));
}

export async function runBarriers(
  cases: readonly BarrierCase[],
  options: BarrierRunOptions,
): Promise<BarrierResult[]> {
  const results: BarrierResult[] = [];
  const pool = createPool(options.workers);
  try {
    for (const one of cases) {
      for (const memory of memoryNames) {
        if (options.signal.aborted) return results;
        const result = await runOne(one, memory, options, pool);
        results.push(result);
        options.onResult(result, results.length, cases.length * memoryNames.length);
      }
    }
  } finally {
    await pool.destroy();
  }
  return results;
}

async function runOne(
  one: BarrierCase,
  memory: MemoryName,
  options: BarrierRunOptions,
  pool: ReturnType<typeof createPool>,
): Promise<BarrierResult> {
  const { ids, direction, expected, because } = one;
  const about = { name: caseName(one), ids, direction, memory, expected, because };
  let executions = 0;
  for (const { scenario, explore } of placesFor(one)) {
    const subject = makeSubject({
      scenarioName: scenario,
      explore,
      memory,
      seed: options.seed,
      dropped: ids.map((id) => droppedName(id, direction)),
    });
    const outcome = await searchFirst(subject, { ...options, pool });
    const [first] = outcome.findings.list();
    if (first !== undefined) {
      const { code, execution, token } = reportFinding(outcome.subject, first);
      executions += execution + 1;
      const asExpected = judge(expected, memory, true);
      return { ...about, found: true, code, scenario, executions, token, asExpected };
    }
    executions += outcome.findings.executions;
  }
  const asExpected = judge(expected, memory, false);
  return { ...about, found: false, code: null, scenario: null, executions, token: null, asExpected };
}

function judge(expected: BarrierCase['expected'], memory: MemoryName, found: boolean): boolean | null {
  /* The order of sequential consistency leaves nothing for a barrier to do. */
  if (memory === 'sc') return !found;
  if (expected === null) return null;
  if (expected === 'never') return !found;
  const shows = memoryNames.indexOf(memory) >= memoryNames.indexOf(expected);
  return found === shows;
}
