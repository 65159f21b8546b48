// SPDX-License-Identifier: GPL-2.0-only
/** Several executions under one book of lock orders: a cycle may have a step in each of them, and in no single one all. */
import type { Execution } from '../engine/fibers/machine.js';
import type { Decisions } from '../engine/fibers/runtime.js';
import type { Violation } from '../oracle/violation.js';
import { replayOf } from './bench.js';
import type { Finding } from './findings.js';
import { kindOf } from './kind.js';
import { PreemptionWatch } from './preemptions.js';
import type { Found, Runner } from './runner.js';

/** What one of them is made again from. */
export type Part = Pick<Found, 'seed' | 'scheduler' | 'decisions'>;

export interface Together {
  /** Of the last one. */
  readonly execution: Execution;
  /** Of all of them; the sites of a cycle count them from 1. */
  readonly violations: readonly Violation[];
  /** Which of them, from 1, could not be followed. */
  readonly diverged: readonly number[];
  readonly size: { readonly preemptions: number; readonly switches: number; readonly steps: number };
}

/** One after another. */
export function runTogether(runner: Runner, parts: readonly Part[]): Together {
  runner.beginBatch();
  const own: Violation[] = [];
  const diverged: number[] = [];
  const size = { preemptions: 0, switches: 0, steps: 0 };
  let last: { readonly execution: Execution; readonly checked: readonly Violation[] } | null = null;
  parts.forEach((part, i) => {
    const scheduler = replayOf(part.decisions);
    const watch = new PreemptionWatch(scheduler);
    watch.begin(runner.observed.plan.nrActors - 1);
    const made = runner.numbered(i + 1).watch(watch, part.seed);
    if (scheduler.divergedAt >= 0) diverged.push(i + 1);
    own.push(...made.judgement.violations);
    size.preemptions += watch.preemptions.length;
    size.switches += made.execution.decisions.actors.length;
    size.steps += made.execution.steps;
    last = made;
  });
  const { execution, checked } = last as unknown as NonNullable<typeof last>;
  return { execution, violations: [...checked, ...own], diverged, size };
}

export interface PartsFound {
  readonly parts: readonly Part[];
  readonly violation: Violation;
  readonly before: Together['size'];
  readonly after: Together['size'];
  /** Executions. */
  readonly used: number;
}

/** Shares of a schedule that are tried in its place, the shortest first: who takes which lock depends little on it. */
const SHARES = [0, 1 / 8, 1 / 4, 1 / 2];

/** The executions of which a cycle has its steps, each as short as it may be. Null: the cycle does not come again so. */
export function partsOf(runner: Runner, { first }: Finding): PartsFound | null {
  const kind = kindOf(first.violation, runner.subject.scenario);
  const numbers = new Set(first.violation.sites.flatMap((s) => s.execution ?? []));
  if (numbers.size < 2) return null;
  let used = 0;
  const shown = (parts: readonly Part[]) => {
    used += parts.length;
    const made = runTogether(runner, parts);
    const violation = made.violations.find((v) => kindOf(v, runner.subject.scenario) === kind);
    return violation === undefined ? null : { violation, size: made.size };
  };
  let parts = [...numbers].sort((a, b) => a - b).map((n) => partOf(runner, n));
  used += parts.length;
  let best = shown(parts);
  if (best === null) return null;
  const before = best.size;
  parts.forEach((part, i) => {
    for (const share of SHARES) {
      const shorter = parts.with(i, { ...part, decisions: beginning(part.decisions, share) });
      const made = shown(shorter);
      if (made === null) continue;
      [parts, best] = [shorter, made];
      return;
    }
  });
  return { parts, violation: best.violation, before, after: best.size, used };
}

function partOf(runner: Runner, execution: number): Part {
  runner.beginBatch();
  const outcome = runner.run(execution);
  const { seed, scheduler, decisions } = outcome as NonNullable<typeof outcome>;
  return { seed, scheduler, decisions };
}

/** The first switches of a schedule; all of its choices, of which those that are not come to count for nothing. */
function beginning({ actors, points, choices }: Decisions, share: number): Decisions {
  const n = Math.floor(actors.length * share);
  return { actors: actors.slice(0, n), points: points.slice(0, n), choices: n === 0 ? [] : choices };
}
