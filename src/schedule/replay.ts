// SPDX-License-Identifier: GPL-2.0-only
/**
 * replay: plays back a recorded schedule, then goes on without preemption.
 *
 * Guarantee: the same program makes the same execution again. On another program (a scenario being made smaller) it
 * follows the record as far as that is possible: what cannot run is left out, and the first such place is kept.
 */
import { has, lowest, useful } from './mask.js';
import { type ExecutionEnd, type Scheduler, type ScheduleView, WAIT } from './scheduler.js';

/** `points` operations of one actor in a row; WAIT with 0 of them: nobody ran until the next time limit. */
export interface Segment {
  readonly actor: number;
  readonly points: number;
}

export class ReplayScheduler implements Scheduler {
  readonly name = 'replay';
  readonly needsOperations = false;
  readonly asksOnWake = false;
  /** Step at which the record could not be followed for the first time; -1: it could. */
  divergedAt = -1;
  /** Who was to go on there (-1: a choice was to be made that was not there), and who could, as a bit mask. */
  divergedActor = -1;
  divergedEnabled = 0;
  private segment = 0;
  /** Step before which the present segment ends. */
  private due = 0;
  private choice = 0;
  private step = 0;
  private recorded = false;

  /** `choices`: the recorded answers of `choose`; after them the newest store is read. */
  constructor(
    private readonly segments: readonly Segment[],
    private readonly choices: readonly number[] = [],
  ) {}

  begin(_actors: number): boolean {
    this.divergedAt = -1;
    this.segment = -1;
    this.due = 0;
    this.choice = 0;
    return true;
  }

  next(view: ScheduleView): number {
    this.step = view.step;
    this.recorded = true;
    for (;;) {
      while (view.step >= this.due) {
        const segment = this.segments[++this.segment];
        if (segment === undefined) return this.default(view);
        this.due = view.step + segment.points;
        if (segment.actor === WAIT && view.timed === true) return WAIT;
      }
      const actor = this.segments[this.segment]?.actor ?? -1;
      if (has(view.enabled, actor)) return actor;
      if (this.divergedAt < 0) {
        this.divergedAt = view.step;
        this.divergedActor = actor;
        this.divergedEnabled = view.enabled;
      }
      this.due = view.step;
    }
  }

  quantum(): number {
    return this.recorded ? this.due - this.step - 1 : 0x3fffffff;
  }

  choose(n: number): number {
    const choice = this.choices[this.choice++] ?? 0;
    if (choice < n) return choice;
    if (this.divergedAt < 0) this.divergedAt = this.step;
    return 0;
  }

  end(_end: ExecutionEnd): void {}

  private default(view: ScheduleView): number {
    this.recorded = false;
    /* Past the record; asked again only where somebody blocks, ends or spins. */
    this.segment = this.segments.length;
    if (view.current >= 0 && !has(view.spinning, view.current)) return view.current;
    return lowest(useful(view.enabled, view.spinning));
  }
}
