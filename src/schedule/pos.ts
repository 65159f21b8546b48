// SPDX-License-Identifier: GPL-2.0-only
/**
 * pos: partial order sampling. Every pending operation has a random priority and the highest runs; then the pending
 * operations that depend on it draw again.
 *
 * Guarantee: operations that are pending together run in every order with equal probability, and operations without
 * a race do not change the odds of the races of others: partial orders are sampled, not schedules. Yuan, Yang, Gu,
 * "Partial order aware concurrency sampling", CAV 2018.
 */
import { actorSeed, Rng } from '../util/rng.js';
import { bit, has, lowest, useful } from './mask.js';
import { dependent, NO_WORDS } from './operations.js';
import { ACCESS, type ExecutionEnd, type Operation, type Scheduler, type ScheduleView } from './scheduler.js';

export class PosScheduler implements Scheduler {
  readonly name = 'pos';
  readonly needsOperations = true;
  readonly asksOnWake = false;
  private rng: Rng;
  private execution = 0;
  private readonly priority = new Float64Array(32);
  /** Actors whose pending operation has its priority. */
  private drawn = 0;
  private readonly last: Operation = { access: ACCESS.none, addr: 0, more: NO_WORDS };

  constructor(private readonly seed: number) {
    this.rng = new Rng(seed);
  }

  begin(_actors: number): boolean {
    this.rng = new Rng(actorSeed(this.seed, this.execution++));
    this.drawn = 0;
    this.last.access = ACCESS.none;
    return true;
  }

  next(view: ScheduleView): number {
    /* Who could not go on is drawn for when it can. */
    this.drawn &= view.enabled;
    if (this.last.access !== ACCESS.none) {
      for (let rest = this.drawn; rest !== 0; rest &= rest - 1) {
        const actor = lowest(rest);
        if (dependent(view.pending(actor), this.last)) this.drawn &= ~bit(actor);
      }
    }
    let best = -1;
    for (let rest = useful(view.enabled, view.spinning); rest !== 0; rest &= rest - 1) {
      const actor = lowest(rest);
      if (!has(this.drawn, actor)) this.priority[actor] = this.rng.between(0, 1);
      this.drawn |= bit(actor);
      if (best < 0 || (this.priority[actor] as number) > (this.priority[best] as number)) best = actor;
    }
    return best;
  }

  quantum(): number {
    return 0;
  }

  choose(n: number): number {
    return this.rng.below(n);
  }

  executed(actor: number, op: Operation): void {
    this.drawn &= ~bit(actor);
    this.last.access = op.access;
    this.last.addr = op.addr;
    this.last.more = op.more.length === 0 ? NO_WORDS : [...op.more];
  }

  end(_end: ExecutionEnd): void {}
}
