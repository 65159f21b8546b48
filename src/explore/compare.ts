// SPDX-License-Identifier: GPL-2.0-only
/** All designs in all situations: what was found, how soon, and what each costs. */
import type { Excuse } from '../oracle/violation.js';
import type { Verdict } from '../report/result.js';
import { SimulatorBug } from '../util/fault.js';
import { createPool, isBroken, searchFirst } from './campaign.js';
import type { Cost } from './cost.js';
import { reportFinding } from './finding_report.js';
import type { Finding } from './findings.js';
import { isHang } from './kind.js';
import { type KernelChoice, makeSubject } from './prepare.js';
import { type Situation, situations } from './situations.js';

/** Executions after a first hang in which a broken rule is looked for. */
const PATIENCE = 256;

export interface Cell {
  readonly protocol: string;
  readonly situation: string;
  readonly verdict: Verdict;
  /** Of the violation that says most; null without one. */
  readonly code: string | null;
  readonly summary: string | null;
  readonly token: string | null;
  /** Executions up to that violation, or all that were made. */
  readonly executions: number;
  /** Transitions did not end, and rightly so in this situation. */
  readonly held: boolean;
  /** Why there is no verdict. */
  readonly doubt: string | null;
  readonly cost: Cost;
}

export interface CompareOptions {
  readonly protocols: readonly string[];
  readonly executions: number;
  readonly workers: number;
  readonly seed?: number | undefined;
  readonly kernel: KernelChoice;
  readonly signal: AbortSignal;
  onCell(cell: Cell, done: number, total: number): void;
}

export async function compare(options: CompareOptions): Promise<Cell[]> {
  const cells: Cell[] = [];
  const total = options.protocols.length * situations.length;
  const pool = createPool(options.workers);
  try {
    for (const protocol of options.protocols) {
      for (const situation of situations) {
        if (options.signal.aborted) return cells;
        const cell = await judgeCell(protocol, situation, options, pool);
        cells.push(cell);
        options.onCell(cell, cells.length, total);
      }
    }
  } finally {
    await pool.destroy();
  }
  return cells;
}

async function judgeCell(
  protocol: string,
  situation: Situation,
  options: CompareOptions,
  pool: ReturnType<typeof createPool>,
): Promise<Cell> {
  const subject = makeSubject({
    scenarioName: situation.scenario,
    protocol,
    explore: situation.explore,
    seed: options.seed,
    kernel: options.kernel,
  });
  const outcome = await searchFirst(subject, { ...options, pool, patience: PATIENCE });
  const { findings } = outcome;
  const best = mostTelling(findings.list());
  if (outcome.end === 'simulator-bug')
    throw new SimulatorBug(`${protocol}, ${situation.name}: ${outcome.cause}`);
  const report = best === null ? null : reportFinding(outcome.subject, best);
  const doubts = Object.entries(findings.doubts);
  const isHeld = (excuses: readonly Excuse[]) =>
    excuses.length > 0 && excuses.every((e) => situation.holds?.includes(e) === true);
  const [doubt] = doubts.find(([, { excuses }]) => !isHeld(excuses)) ?? [];
  return {
    protocol,
    situation: situation.name,
    verdict:
      report !== null ? 'fail' : doubt !== undefined || isBroken(outcome.end) ? 'inconclusive' : 'pass',
    code: report?.code ?? null,
    summary: report?.violation.summary ?? null,
    token: report?.token ?? null,
    held: report === null && doubt === undefined && doubts.length > 0,
    executions: report === null ? findings.executions : report.execution + 1,
    doubt: report === null ? (doubt ?? outcome.cause) : null,
    cost: findings.cost,
  };
}

/** The first broken rule, if one came soon after the first hang. */
function mostTelling(found: readonly Finding[]): Finding | null {
  const [first] = found;
  if (first === undefined) return null;
  const limit = first.first.execution + PATIENCE;
  return found.find((f) => !isHang(f.first.violation.code) && f.first.execution <= limit) ?? first;
}
