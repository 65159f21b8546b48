// SPDX-License-Identifier: GPL-2.0-only
/** Mutants against the campaign: which are found, and which survive. The survivors are the honest measure of the oracles. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileChange } from '../kernel_build/build.js';
import { applyPatch } from '../kernel_build/change.js';
import { type Changes, hashChanges } from '../kernel_build/kernel_sources.js';
import { protocolNames } from '../protocol/index.js';
import { SimulatorBug, UsageError } from '../util/fault.js';
import { createPool, searchFirst } from './campaign.js';
import { reportFinding } from './finding_report.js';
import type { Mutant } from './mutants.js';
import { type KernelChoice, makeSubject } from './prepare.js';
import { type Situation, situations } from './situations.js';

export type Fate =
  /** A rule was broken. */
  | 'killed'
  | 'survived'
  /** No run can tell it from the kernel as it is: see `reason`. */
  | 'equivalent'
  /** The change does not compile, or a worker died of it. */
  | 'broken';

export interface MutantResult {
  readonly mutant: Omit<Mutant, 'patch'>;
  readonly fate: Fate;
  readonly code: string | null;
  readonly situation: string | null;
  /** Executions up to the violation, or all that were made. */
  readonly executions: number;
  readonly token: string | null;
  readonly reason: string | null;
}

export interface MutateOptions {
  /** In each situation. */
  readonly executions: number;
  readonly workers: number;
  readonly seed?: number | undefined;
  readonly signal: AbortSignal;
  onResult(result: MutantResult, done: number, total: number): void;
}

/** Where the mutants of livepatch and hotplug show; the others of `compare` add little and cost much. */
const WHERE = ['up+down', 'reverse', 'stacked', 'unreliable'];

/** A mutant of a design shows in that design only; of the kernel, in the newest one. */
function protocolOf({ file }: Pick<Mutant, 'file'>): string | undefined {
  const name = /^src\/protocol\/(.*)\.ts$/.exec(file)?.[1];
  return name !== undefined && protocolNames.includes(name) ? name : undefined;
}
/** A worker keeps the modules of every kernel it has run. */
const KERNELS_PER_POOL = 25;

export async function mutate(mutants: readonly Mutant[], options: MutateOptions): Promise<MutantResult[]> {
  const results: MutantResult[] = [];
  let pool = createPool(options.workers);
  try {
    for (const mutant of mutants) {
      if (options.signal.aborted) break;
      if (results.length % KERNELS_PER_POOL === KERNELS_PER_POOL - 1) {
        await pool.destroy();
        pool = createPool(options.workers);
      }
      const result = await tryOne(mutant, options, pool);
      results.push(result);
      options.onResult(result, results.length, mutants.length);
    }
  } finally {
    await pool.destroy();
  }
  return results;
}

type Pool = ReturnType<typeof createPool>;

async function tryOne(mutant: Mutant, options: MutateOptions, pool: Pool): Promise<MutantResult> {
  const { patch, ...about } = mutant;
  const none = { mutant: about, code: null, situation: null, executions: 0, token: null };
  if (mutant.equivalent !== null) return { ...none, fate: 'equivalent', reason: mutant.equivalent };
  const changes: Changes = new Map();
  const problems: string[] = [];
  applyPatch(mutant.id, patch, changes, problems);
  if (problems.length > 0) throw new SimulatorBug(`${mutant.id}: ${problems.join('; ')}`);
  const trees = mkdtempSync(join(tmpdir(), 'klptorture-mutant-'));
  try {
    await compileChange(changes, trees, ['fast', 'observed']);
    const kernel = { trees, hash: hashChanges(changes) };
    return { mutant: about, ...(await campaigns(kernel, protocolOf(mutant), options, pool)) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ...none, fate: 'broken', reason: error.problems[0] ?? 'it does not compile' };
  } finally {
    rmSync(trees, { recursive: true, force: true });
  }
}

async function campaigns(
  kernel: KernelChoice,
  protocol: string | undefined,
  options: MutateOptions,
  pool: Pool,
): Promise<Omit<MutantResult, 'mutant'>> {
  let executions = 0;
  for (const name of WHERE) {
    const situation = situations.find((s) => s.name === name) as Situation;
    const subject = makeSubject({
      scenarioName: situation.scenario,
      explore: situation.explore,
      seed: options.seed,
      protocol,
      kernel,
    });
    try {
      const outcome = await searchFirst(subject, { ...options, pool });
      const [first] = outcome.findings.list();
      if (first !== undefined) {
        const { code, execution, token } = reportFinding(outcome.subject, first);
        return {
          fate: 'killed',
          code,
          situation: name,
          executions: executions + execution + 1,
          token,
          reason: null,
        };
      }
      if (outcome.end === 'worker-died') {
        return {
          fate: 'broken',
          code: null,
          situation: name,
          executions,
          token: null,
          reason: outcome.cause,
        };
      }
      executions += outcome.findings.executions;
    } catch (error) {
      /* It does not even boot. */
      const reason = error instanceof Error ? error.message : String(error);
      return { fate: 'broken', code: null, situation: name, executions, token: null, reason };
    }
  }
  return { fate: 'survived', code: null, situation: null, executions, token: null, reason: null };
}
