// SPDX-License-Identifier: GPL-2.0-only
/** Each barrier left out under each memory model: what a search finds, against what is expected of it. */

import { SimulatorBug } from '../util/fault.js';
import {
  type BarrierCase,
  barrierCases,
  caseName,
  changeName,
  placesFor,
  timesFor,
} from './barrier_cases.js';
import { measured } from './batch.js';
import { createPool, isBroken, searchFirst } from './campaign.js';
import { droppedName } from './dropped.js';
import { reportFinding } from './finding_report.js';
import { movingPatch } from './moved_write.js';
import { withKernel } from './mutants/kernel_of_mutant.js';
import { type KernelChoice, makeSubject, ownKernel, type SubjectChoice } from './prepare.js';
import type { ResultBook } from './result_book.js';
import { type MemoryName, memoryNames, type Subject } from './subject.js';

export interface BarrierResult {
  readonly name: string;
  readonly ids: readonly string[];
  /** What is left out or moved, in words. */
  readonly change: string;
  readonly direction: string | null;
  readonly memory: MemoryName;
  readonly expected: BarrierCase['expected'];
  readonly because: string;
  readonly found: boolean;
  readonly code: string | null;
  readonly scenario: string | null;
  /** Up to the violation, or all that were made. */
  readonly executions: number;
  readonly scheduler: string | null;
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
  /** By default all. */
  readonly memories?: readonly MemoryName[];
  /** What earlier runs have found out, and where this one writes; null: nowhere. */
  readonly book: ResultBook<BarrierResult> | null;
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
  const lengths = new Lengths();
  const { memories = memoryNames } = options;
  const pool = createPool(options.workers);
  try {
    for (const one of cases) {
      for (const memory of memories) {
        if (options.signal.aborted) return results;
        const key = `${caseName(one)} ${memory} ${options.executions}`;
        const known = options.book?.get(key);
        const result =
          known === undefined
            ? await runOne(one, memory, options, pool, lengths)
            : /* What is expected may have been thought over since. */
              {
                ...known,
                expected: one.expected,
                because: one.because,
                asExpected: judge(one.expected, memory, known.found),
              };
        /* A search that was cut short has not found nothing. */
        if (options.signal.aborted && !result.found) return results;
        if (known === undefined) options.book?.put(key, result);
        results.push(result);
        options.onResult(result, results.length, cases.length * memories.length);
      }
    }
  } finally {
    await pool.destroy();
  }
  return results;
}

/** How long the executions of a place are: the same whatever is left out. */
class Lengths {
  private readonly known = new Map<string, Pick<Subject, 'steps' | 'maxSteps'>>();

  async of(choice: SubjectChoice): Promise<Pick<Subject, 'steps' | 'maxSteps'>> {
    const key = JSON.stringify(choice);
    const known = this.known.get(key) ?? (await measured(makeSubject(choice)));
    this.known.set(key, known);
    return known;
  }
}

async function runOne(
  one: BarrierCase,
  memory: MemoryName,
  options: BarrierRunOptions,
  pool: ReturnType<typeof createPool>,
  lengths: Lengths,
): Promise<BarrierResult> {
  const { moved } = one;
  if (moved === null) return search(one, memory, options, pool, lengths, ownKernel);
  const result = await withKernel(caseName(one), movingPatch(moved), (kernel) =>
    search(one, memory, options, pool, lengths, kernel),
  );
  if (typeof result === 'string') throw new SimulatorBug(`${caseName(one)}: ${result}`);
  return result;
}

async function search(
  one: BarrierCase,
  memory: MemoryName,
  options: BarrierRunOptions,
  pool: ReturnType<typeof createPool>,
  lengths: Lengths,
  kernel: KernelChoice,
): Promise<BarrierResult> {
  const { ids, direction, expected, because } = one;
  const about = { name: caseName(one), ids, change: changeName(one), direction, memory, expected, because };
  let executions = 0;
  for (const { scenario, explore } of placesFor(one)) {
    const choice = { scenarioName: scenario, explore, seed: options.seed };
    const dropped = ids.map((id) => droppedName(id, direction));
    const { steps, maxSteps } = await lengths.of(choice);
    const subject = { ...makeSubject({ ...choice, memory, dropped, kernel }), steps, maxSteps };
    const most = options.executions * timesFor(one);
    const outcome = await searchFirst(subject, { ...options, executions: most, pool });
    if (isBroken(outcome.end)) throw new SimulatorBug(`${caseName(one)}: ${outcome.cause}`);
    const [first] = outcome.findings.list();
    if (first !== undefined) {
      const { code, execution, scheduler, token } = reportFinding(outcome.subject, first);
      executions += execution + 1;
      const asExpected = judge(expected, memory, true);
      return { ...about, found: true, code, scenario, executions, scheduler, token, asExpected };
    }
    executions += outcome.findings.executions;
  }
  const asExpected = judge(expected, memory, false);
  const none = { code: null, scenario: null, scheduler: null, token: null };
  return { ...about, ...none, found: false, executions, asExpected };
}

function judge(expected: BarrierCase['expected'], memory: MemoryName, found: boolean): boolean | null {
  /* The order of sequential consistency leaves nothing for a barrier to do. */
  if (memory === 'sc') return !found;
  if (expected === null) return null;
  if (expected === 'never') return !found;
  const shows = memoryNames.indexOf(memory) >= memoryNames.indexOf(expected);
  return found === shows;
}
