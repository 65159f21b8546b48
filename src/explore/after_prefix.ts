// SPDX-License-Identifier: GPL-2.0-only
/** Begins as a record says, then lets another scheduler decide. */
import type { Decisions } from '../engine/fibers/runtime.js';
import type { ReplayScheduler } from '../schedule/replay.js';
import type { ExecutionEnd, Operation, Scheduler, ScheduleView } from '../schedule/scheduler.js';
import { replayOf } from './bench.js';

export class AfterPrefix implements Scheduler {
  readonly name: string;
  readonly needsOperations: boolean;
  readonly asksOnWake: boolean;
  private readonly record: ReplayScheduler;
  private readonly length: number;
  private following = true;

  constructor(
    prefix: Decisions,
    private readonly then: Scheduler,
  ) {
    this.name = then.name;
    this.needsOperations = then.needsOperations;
    this.asksOnWake = then.asksOnWake;
    this.record = replayOf(prefix);
    this.length = prefix.points.reduce((sum, n) => sum + n, 0);
  }

  begin(actors: number): boolean {
    this.following = true;
    this.record.begin(actors);
    return this.then.begin(actors);
  }

  next(view: ScheduleView): number {
    this.following = view.step < this.length;
    return (this.following ? this.record : this.then).next(view);
  }

  quantum(): number {
    return (this.following ? this.record : this.then).quantum();
  }

  choose(n: number): number {
    return (this.following ? this.record : this.then).choose(n);
  }

  executed(actor: number, op: Operation): void {
    this.then.executed?.(actor, op);
  }

  end(end: ExecutionEnd): void {
    this.then.end(end);
  }
}
