// SPDX-License-Identifier: GPL-2.0-only
/** Lets another scheduler decide, and notes where it took the turn away from an actor that could have gone on. */
import { has } from '../schedule/mask.js';
import type { ExecutionEnd, Operation, Scheduler, ScheduleView } from '../schedule/scheduler.js';

export interface Preemption {
  /** Operations made before it. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

export class PreemptionWatch implements Scheduler {
  readonly name: string;
  readonly needsOperations: boolean;
  readonly asksOnWake: boolean;
  readonly preemptions: Preemption[] = [];

  constructor(private readonly inner: Scheduler) {
    this.name = inner.name;
    this.needsOperations = inner.needsOperations;
    this.asksOnWake = inner.asksOnWake;
  }

  begin(actors: number): boolean {
    this.preemptions.length = 0;
    return this.inner.begin(actors);
  }

  next(view: ScheduleView): number {
    const { current, step } = view;
    /* One who has looked in vain gives its turn away by itself. */
    const couldGoOn = current >= 0 && !has(view.spinning, current);
    const to = this.inner.next(view);
    if (couldGoOn && to !== current && to >= 0) this.preemptions.push({ step, from: current, to });
    return to;
  }

  quantum(): number {
    return this.inner.quantum();
  }

  choose(n: number): number {
    return this.inner.choose(n);
  }

  executed(actor: number, op: Operation): void {
    this.inner.executed?.(actor, op);
  }

  end(end: ExecutionEnd): void {
    this.inner.end(end);
  }
}
