// SPDX-License-Identifier: GPL-2.0-only
/**
 * random(p): before each operation a switch with probability p to another actor, all equally likely.
 *
 * Guarantee: every schedule of n operations has a probability above 0; one with s switches among a actors has about
 * (p / (a - 1))^s * (1 - p)^(n - s), so few switches far apart want a small p. The naive random walk of Thomson,
 * Donaldson, Betts, "Concurrency testing using schedule bounding", PPoPP 2014, with p in place of a fair choice.
 */
import { actorSeed, Rng } from '../util/rng.js';
import { bit, nth, size, useful } from './mask.js';
import type { ExecutionEnd, Scheduler, ScheduleView } from './scheduler.js';

export class RandomScheduler implements Scheduler {
  readonly name: string;
  readonly needsOperations = false;
  readonly asksOnWake = false;
  private rng: Rng;
  private execution = 0;
  /** Step before which the next switch is due. */
  private due = 0;
  private step = 0;
  private readonly logStay: number;

  /** `p` in (0, 1]. */
  constructor(
    private readonly seed: number,
    private readonly p: number,
    label = `${p}`,
  ) {
    this.name = `random(${label})`;
    this.rng = new Rng(seed);
    this.logStay = Math.log1p(-p);
  }

  begin(_actors: number): boolean {
    this.rng = new Rng(actorSeed(this.seed, this.execution++));
    this.due = 0;
    return true;
  }

  next(view: ScheduleView): number {
    this.step = view.step;
    const { current } = view;
    const isDue = view.step >= this.due;
    if (isDue) this.due = view.step + this.distance();
    const others = view.enabled & (current < 0 ? -1 : ~bit(current));
    const stays = current >= 0 && (view.spinning & bit(current)) === 0;
    /* One who gets on stays rather than let a spinning actor look again. */
    const choices = stays ? others & ~view.spinning : useful(others, view.spinning);
    if ((stays && !isDue) || choices === 0) return current;
    return nth(choices, this.rng.below(size(choices)));
  }

  quantum(): number {
    return this.due - this.step - 1;
  }

  choose(n: number): number {
    return this.rng.below(n);
  }

  end(_end: ExecutionEnd): void {}

  /** Geometric, at least 1. */
  private distance(): number {
    if (this.p >= 1) return 1;
    const u = this.rng.between(0, 1);
    return Math.min(0x3fffffff, 1 + Math.floor(Math.log1p(-u) / this.logStay));
  }
}
