// SPDX-License-Identifier: GPL-2.0-only
/** From a finding to the smallest execution that shows it: fewer preemptions, then a smaller scenario, then both again. */
import type { Decisions } from '../engine/fibers/runtime.js';
import type { Violation } from '../oracle/violation.js';
import { Bench, type Budget, type Reproduction } from './bench.js';
import { signatureOf } from './judge.js';
import { kindOf } from './kind.js';
import { findAnew } from './minimise_anew.js';
import { minimiseScenario, type Smaller } from './minimise_scenario.js';
import { minimiseSchedule } from './minimise_schedule.js';
import type { Preemption } from './preemptions.js';
import type { Found, Runner } from './runner.js';
import type { Subject } from './subject.js';

export interface MinimiseOptions {
  /** Executions. */
  readonly budget: number;
  readonly onProgress?: (progress: MinimiseProgress) => void;
}

export interface MinimiseProgress {
  readonly used: number;
  readonly preemptions: number;
  readonly steps: number;
}

interface Size {
  readonly preemptions: number;
  readonly switches: number;
  readonly steps: number;
}

export interface Minimised {
  /** Runs the subject, which may be smaller than the one that was given. */
  readonly runner: Runner;
  readonly subject: Subject;
  readonly seed: number;
  readonly decisions: Decisions;
  readonly violation: Violation;
  readonly preemptions: readonly Preemption[];
  readonly before: Size;
  readonly after: Size;
  /** Executions. */
  readonly used: number;
  /** As a finding of the smaller subject. */
  readonly found: Found;
}

/** Shares of the budget for the first schedule, the scenario and the search anew; the rest is for the last schedule. */
const FIRST = 0.2;
const SCENARIO = 0.45;
const ANEW = 0.15;

/** Null: the finding did not come again, as one of lockdep whose lock orders come from several executions. */
export async function minimise(
  runner: Runner,
  found: Found,
  options: MinimiseOptions,
): Promise<Minimised | null> {
  const whole: Budget = { left: options.budget };
  const kind = kindOf(found.violation, runner.subject.scenario);
  const part = (share: number): Budget => ({ left: Math.floor(whole.left * share) });
  const used = (budget: Budget, given: number): void => {
    whole.left -= given - budget.left;
  };
  const tell = (best: Reproduction, budget: Budget, given: number): void =>
    options.onProgress?.({
      used: options.budget - whole.left + given - budget.left,
      preemptions: best.preemptions.length,
      steps: best.steps,
    });

  const first = part(FIRST);
  const firstGiven = first.left;
  const bench = new Bench(runner, kind, first);
  const start = bench.replay(found.seed, found.decisions);
  if (start === null) return null;
  const simple = minimiseSchedule(bench, start, (b) => tell(b, first, firstGiven));
  used(first, firstGiven);

  const middle = part(SCENARIO / (1 - FIRST));
  const middleGiven = middle.left;
  const smaller: Smaller = await minimiseScenario(new Bench(runner, kind, middle), simple, (s) =>
    tell(s.best, middle, middleGiven),
  );
  used(middle, middleGiven);

  const last = new Bench(smaller.bench.runner, kind, whole);
  const short = findAnew(last, smaller.best, Math.floor(options.budget * ANEW));
  const best = minimiseSchedule(last, short, (b) =>
    options.onProgress?.({
      used: options.budget - whole.left,
      preemptions: b.preemptions.length,
      steps: b.steps,
    }),
  );
  const final = last.runner;
  /* The machine holds the last try: the caller finds the minimised execution there only after a replay. */
  return {
    runner: final,
    subject: final.subject,
    seed: best.seed,
    decisions: best.decisions,
    violation: best.violation,
    preemptions: best.preemptions,
    before: sizeOf(start),
    after: sizeOf(best),
    used: options.budget - whole.left,
    found: {
      execution: found.execution,
      scheduler: found.scheduler,
      signature: signatureOf(best.violation),
      violation: best.violation,
      seed: best.seed,
      decisions: best.decisions,
    },
  };
}

export function sizeOf(r: Reproduction): Size {
  return { preemptions: r.preemptions.length, switches: r.decisions.actors.length, steps: r.steps };
}
