// SPDX-License-Identifier: GPL-2.0-only
/** Tries schedules of one subject for one finding: does it come again, and with how many preemptions? */
import type { AccessObserver } from '../engine/fibers/observer.js';
import type { Decisions } from '../engine/fibers/runtime.js';
import type { Violation } from '../oracle/violation.js';
import { ReplayScheduler } from '../schedule/replay.js';
import type { Scheduler } from '../schedule/scheduler.js';
import { judge } from './judge.js';
import { isChecked, isOfTheEnd, kindOf } from './kind.js';
import { type Preemption, PreemptionWatch } from './preemptions.js';
import type { Runner } from './runner.js';
import { upTo } from './up_to.js';

/** Executions that may still be made. Shared by all who search for one finding. */
export interface Budget {
  left: number;
}

export interface Reproduction {
  readonly seed: number;
  /** As they were made, up to the violation. */
  readonly decisions: Decisions;
  readonly preemptions: readonly Preemption[];
  /** Operations up to the violation. */
  readonly steps: number;
  readonly violation: Violation;
}

/** Of an execution in which the violation came late there may be so much more than of the shortest known. */
const SLACK = 1.5;
const SLACK_STEPS = 500;

export class Bench {
  constructor(
    readonly runner: Runner,
    /** As kindOf names it. */
    readonly kind: string,
    readonly budget: Budget,
  ) {}

  get spent(): boolean {
    return this.budget.left <= 0;
  }

  replay(seed: number, decisions: Decisions, best?: Reproduction): Reproduction | null {
    return this.attempt(replayOf(decisions), seed, best);
  }

  /** Null: the violation did not come, or the budget is spent. `best`: it should come about as early as there. */
  attempt(scheduler: Scheduler, seed: number, best?: Reproduction): Reproduction | null {
    return this.attemptWatched(scheduler, seed, null, best);
  }

  /** `observer` is told of all accesses. */
  attemptWatched(
    scheduler: Scheduler,
    seed: number,
    observer: AccessObserver | null,
    best?: Reproduction,
  ): Reproduction | null {
    if (this.spent) return null;
    this.budget.left--;
    const { runner } = this;
    const { maxSteps } = runner.subject;
    const watch = new PreemptionWatch(scheduler);
    if (!watch.begin(runner.fast.plan.nrActors - 1)) return null;
    const limit =
      best === undefined ? maxSteps : Math.min(maxSteps, Math.ceil(best.steps * SLACK) + SLACK_STEPS);
    const { steps, decisions, violation } = this.execute(watch, seed, limit, observer);
    if (violation === undefined) return null;
    return {
      seed,
      decisions: upTo(decisions, steps),
      preemptions: watch.preemptions.filter((p) => p.step <= steps),
      steps,
      violation,
    };
  }

  private execute(scheduler: Scheduler, seed: number, maxSteps: number, observer: AccessObserver | null) {
    const { runner } = this;
    const wanted = (v: Violation) => kindOf(v, runner.subject.scenario) === this.kind;
    if (isChecked(this.kind.split(' ')[0] as string)) {
      runner.beginBatch();
      const { execution, checked } = runner.watch(scheduler, seed, observer);
      return { steps: execution.steps, decisions: execution.decisions, violation: checked.find(wanted) };
    }
    const { model, drops } = runner;
    const machine = observer === null && model === null && drops === null ? runner.fast : runner.observed;
    const execution = runner.unchecked(() =>
      machine.execute(scheduler, { seed, maxSteps, observer, model, drops }),
    );
    const violation = judge(machine, execution).violations.find(wanted);
    const { trace } = machine;
    const certain = violation !== undefined && !isOfTheEnd(violation.code) && violation.seq < trace.length;
    return {
      steps: certain ? trace.stepOf(violation.seq) : execution.steps,
      decisions: execution.decisions,
      violation,
    };
  }
}

export function replayOf(decisions: Decisions): ReplayScheduler {
  const segments = decisions.actors.map((actor, i) => ({ actor, points: decisions.points[i] as number }));
  return new ReplayScheduler(segments, decisions.choices);
}

/** Fewer preemptions, then less to read: a switch is worth some operations. */
export function simpler(a: Reproduction, b: Reproduction): boolean {
  if (a.preemptions.length !== b.preemptions.length) return a.preemptions.length < b.preemptions.length;
  return lengthOf(a) < lengthOf(b);
}

const SWITCH = 20;

function lengthOf({ steps, decisions }: Reproduction): number {
  return steps + SWITCH * decisions.actors.length;
}
