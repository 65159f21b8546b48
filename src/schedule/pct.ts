// SPDX-License-Identifier: GPL-2.0-only
/**
 * pct(d): probabilistic concurrency testing. Actors get priorities in random order and the highest that is enabled
 * runs; at d - 1 random steps the one about to run falls below all others.
 *
 * Guarantee: a bug of depth d (d ordering constraints suffice for it) among n actors in k steps shows in one execution
 * with a probability of at least 1 / (n * k^(d - 1)). Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized
 * scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010. An actor that spins falls below all others,
 * as there, or its wait would never end.
 */
import { actorSeed, Rng } from '../util/rng.js';
import { has } from './mask.js';
import type { ExecutionEnd, Scheduler, ScheduleView } from './scheduler.js';

const ENDLESS = 0x3fffffff;

export class PctScheduler implements Scheduler {
  readonly name: string;
  readonly needsOperations = false;
  readonly asksOnWake = true;
  private rng: Rng;
  private execution = 0;
  private actors = 0;
  /** Higher runs first; no two are equal. */
  private readonly priority = new Int32Array(32);
  /** Steps before which a priority changes, ascending, the last for the lowest rank. */
  private readonly points: number[] = [];
  private passed = 0;
  /** Falls with every actor that spins. */
  private floor = 0;
  private step = 0;

  /** `steps`: operations that an execution is expected to make, from executions before; it is part of the choice. */
  constructor(
    private readonly seed: number,
    private readonly depth: number,
    private readonly steps: number,
  ) {
    this.name = `pct(${depth})`;
    this.rng = new Rng(seed);
  }

  begin(actors: number): boolean {
    this.rng = new Rng(actorSeed(this.seed, this.execution++));
    this.actors = actors;
    this.floor = 0;
    this.passed = 0;
    /* Ranks from `depth` up; those below are for the change points. */
    for (let i = 0; i < actors; i++) {
      const j = this.rng.below(i + 1);
      this.priority[i] = this.priority[j] as number;
      this.priority[j] = this.depth + i;
    }
    this.points.length = 0;
    for (let i = 1; i < this.depth; i++) this.points.push(1 + this.rng.below(Math.max(1, this.steps - 1)));
    this.points.sort((a, b) => a - b);
    return true;
  }

  next(view: ScheduleView): number {
    this.step = view.step;
    let seen = 0;
    let actor = this.highest(view.enabled);
    /* Each spinning actor falls once; if all of them spin they take turns. */
    while (has(view.spinning & ~seen, actor)) {
      seen |= 1 << actor;
      this.priority[actor] = --this.floor;
      actor = this.highest(view.enabled);
    }
    while ((this.points[this.passed] ?? ENDLESS) <= view.step) {
      this.passed++;
      /* An actor that spins is lower already. */
      const rank = this.depth - this.passed;
      if ((this.priority[actor] as number) > rank) this.priority[actor] = rank;
      actor = this.highest(view.enabled);
    }
    return actor;
  }

  quantum(): number {
    return (this.points[this.passed] ?? this.step + ENDLESS) - this.step - 1;
  }

  choose(n: number): number {
    return this.rng.below(n);
  }

  end(_end: ExecutionEnd): void {}

  private highest(enabled: number): number {
    let best = -1;
    for (let actor = 0; actor < this.actors; actor++) {
      if (!has(enabled, actor)) continue;
      if (best < 0 || (this.priority[actor] as number) > (this.priority[best] as number)) best = actor;
    }
    return best;
  }
}
