// SPDX-License-Identifier: GPL-2.0-only
/**
 * round-robin(n): everybody in turn, n operations each.
 *
 * Guarantee: fair: an actor that stays enabled runs again after at most n operations of each of the others. For
 * questions of progress: what does not end here does not end for want of luck.
 */
import { has } from './mask.js';
import type { ExecutionEnd, Scheduler, ScheduleView } from './scheduler.js';

export class RoundRobinScheduler implements Scheduler {
  readonly name: string;
  readonly needsOperations = false;
  readonly asksOnWake = false;
  private actors = 0;
  private last = -1;
  /** Step before which the turn of `last` ends. */
  private due = 0;
  private step = 0;

  constructor(private readonly slice: number) {
    this.name = `round-robin(${slice})`;
  }

  begin(actors: number): boolean {
    this.actors = actors;
    this.last = actors - 1;
    this.due = 0;
    return true;
  }

  next(view: ScheduleView): number {
    this.step = view.step;
    const { current } = view;
    if (current === this.last && view.step < this.due && !has(view.spinning, current)) return current;
    do this.last = (this.last + 1) % this.actors;
    while (!has(view.enabled, this.last));
    this.due = view.step + this.slice;
    return this.last;
  }

  quantum(): number {
    return this.due - this.step - 1;
  }

  choose(_n: number): number {
    return 0;
  }

  end(_end: ExecutionEnd): void {}
}
