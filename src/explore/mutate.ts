// SPDX-License-Identifier: GPL-2.0-only
/** Mutants against the campaign: which are found, and which survive. The survivors are the honest measure of the oracles. */
import { createHash } from 'node:crypto';
import { createPool } from './campaign.js';
import { withKernel } from './mutants/kernel_of_mutant.js';
import { Trials, type Tried } from './mutants/trials.js';
import { placesOf } from './mutants/where.js';
import type { Mutant } from './mutants.js';
import type { ResultBook } from './result_book.js';

export type Fate =
  /** A rule was broken. */
  | 'killed'
  | 'survived'
  /** It survived since no execution came to where it is. */
  | 'unreached'
  /** No run can tell it from the kernel as it is: see `reason`. */
  | 'equivalent'
  /** The change does not compile, or a worker died of it. */
  | 'broken';

export const fates: readonly Fate[] = ['killed', 'survived', 'unreached', 'equivalent', 'broken'];

export interface MutantResult extends Tried {
  readonly mutant: Omit<Mutant, 'patch' | 'probe'>;
}

export interface MutateOptions {
  /** In each situation. */
  readonly executions: number;
  readonly workers: number;
  readonly seed?: number | undefined;
  /** What earlier runs have found out, and where this one writes; null: nowhere. */
  readonly book: ResultBook<MutantResult> | null;
  readonly signal: AbortSignal;
  /** `known`: from the book. */
  onResult(result: MutantResult, done: number, total: number, known: boolean): void;
}

/** A worker keeps the modules of every kernel it has run. */
const KERNELS_PER_POOL = 25;

export async function mutate(mutants: readonly Mutant[], options: MutateOptions): Promise<MutantResult[]> {
  const results: MutantResult[] = [];
  const { book, signal } = options;
  let pool = createPool(options.workers);
  let made = 0;
  const trials = new Trials(options);
  try {
    for (const mutant of mutants) {
      if (signal.aborted) break;
      const key = keyOf(mutant);
      const known = book?.get(key);
      const enough = known !== undefined && saysEnough(known, mutant, options.executions);
      if (!enough && ++made % KERNELS_PER_POOL === 0) {
        await pool.destroy();
        pool = createPool(options.workers);
      }
      const result = enough ? known : await tryOne(mutant, trials, pool);
      /* A mutant whose searches were cut short has not survived them. */
      if (signal.aborted && result.fate !== 'killed') break;
      if (!enough) book?.put(key, result);
      results.push(result);
      options.onResult(result, results.length, mutants.length, enough);
    }
  } finally {
    await pool.destroy();
  }
  return results;
}

/** Its name counts places: after a change of the sources it may be another's. */
function keyOf({ id, patch }: Mutant): string {
  return `${id} ${createHash('sha256').update(patch).digest('hex').slice(0, 12)}`;
}

/** What was killed stays so; a survivor is tried again if more is asked of it, and when its proof has been found. */
function saysEnough(known: MutantResult, mutant: Mutant, executions: number): boolean {
  if (known.mutant.equivalent !== mutant.equivalent) return false;
  if (known.fate !== 'survived' && known.fate !== 'unreached') return true;
  return (
    known.budget >= executions &&
    known.places.join() ===
      placesOf(mutant)
        .map((p) => p.name)
        .join()
  );
}

async function tryOne(
  mutant: Mutant,
  trials: Trials,
  pool: ReturnType<typeof createPool>,
): Promise<MutantResult> {
  const { patch, probe, ...about } = mutant;
  if (mutant.equivalent !== null) {
    return { mutant: about, ...trials.nothing('equivalent', mutant.equivalent) };
  }
  const places = placesOf(mutant);
  const tried = await withKernel(mutant.id, patch, (kernel) => trials.search(kernel, places, pool));
  if (typeof tried === 'string') return { mutant: about, ...trials.nothing('broken', tried) };
  if (tried.fate !== 'survived') return { mutant: about, ...tried };
  const reached = await withKernel(mutant.id, probe, (kernel) => trials.reaches(kernel, places, pool));
  return { mutant: about, ...tried, fate: reached === false ? 'unreached' : 'survived' };
}
