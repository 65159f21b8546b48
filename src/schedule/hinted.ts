// SPDX-License-Identifier: GPL-2.0-only
/**
 * Around another scheduler: an actor that passes a place at which a change of hands is worth while (a barrier that is
 * left out, or one near it) may be held back a few operations later, while the others go on; until its time is over, or
 * another actor is held back in its stead.
 *
 * Guarantee: in an execution every place counts with probability 1/2, and a pass of one that counts holds its actor
 * back with a probability of 1/2, 1/8 or 1/32, drawn for the execution: 1 to 32 operations later and for 16 to 1024
 * operations, the logarithms drawn evenly. Else it decides as the scheduler within.
 */
import { actorSeed, Rng } from '../util/rng.js';
import { bit, has } from './mask.js';
import type { ExecutionEnd, Operation, Scheduler, ScheduleView } from './scheduler.js';

const ENDLESS = 0x3fffffff;

export class HintedScheduler implements Scheduler {
  readonly name: string;
  readonly needsOperations: boolean;
  readonly asksOnWake: boolean;
  readonly executed?: (actor: number, op: Operation) => void;
  private readonly rng: Rng;
  private step = 0;
  /** Who is to be held back, from which step on, and until which. */
  private actor = -1;
  private from = ENDLESS;
  private until = 0;
  /** Bit mask of the places that count, and the logarithm of how rarely they do. */
  private places = 0;
  private rarely = 1;
  private readonly view = new Masked();

  constructor(
    private readonly inner: Scheduler,
    seed: number,
  ) {
    this.name = inner.name;
    this.needsOperations = inner.needsOperations;
    this.asksOnWake = inner.asksOnWake;
    this.rng = new Rng(actorSeed(seed, 0x41c7));
    if (inner.executed !== undefined) this.executed = (actor, op) => inner.executed?.(actor, op);
  }

  begin(actors: number): boolean {
    this.actor = -1;
    this.from = ENDLESS;
    this.places = this.rng.below(0x10000) | (this.rng.below(0x10000) << 16);
    this.rarely = 1 + 2 * this.rng.below(3);
    return this.inner.begin(actors);
  }

  /** True: `actor` will be held back, and the engine asks again before its next operation. */
  hint(place: number, actor: number, step: number): boolean {
    if (((this.places >>> (place & 31)) & 1) === 0 || this.rng.below(1 << this.rarely) !== 0) return false;
    if (this.actor === actor && step < this.until) return false;
    this.actor = actor;
    this.from = step + (1 << this.rng.below(6));
    this.until = this.from + (16 << this.rng.below(7));
    return true;
  }

  next(view: ScheduleView): number {
    this.step = view.step;
    if (this.actor < 0) return this.inner.next(view);
    if (view.step >= this.until) {
      this.actor = -1;
      return this.inner.next(view);
    }
    if (view.step < this.from || (view.enabled & ~bit(this.actor)) === 0) return this.inner.next(view);
    return this.inner.next(this.view.without(view, this.actor));
  }

  quantum(): number {
    const given = this.inner.quantum();
    if (this.actor < 0) return given;
    const due = this.step < this.from ? this.from : this.until;
    return Math.max(0, Math.min(given, due - this.step - 1));
  }

  choose(n: number): number {
    return this.inner.choose(n);
  }

  end(end: ExecutionEnd): void {
    this.inner.end(end);
  }
}

/** What the scheduler within sees while an actor is held back. */
class Masked implements ScheduleView {
  enabled = 0;
  spinning = 0;
  current = -1;
  step = 0;
  waiting = 0;
  timed = false;
  private of!: ScheduleView;

  without(view: ScheduleView, actor: number): this {
    this.of = view;
    this.enabled = view.enabled & ~bit(actor);
    this.spinning = view.spinning & ~bit(actor);
    this.current = has(this.enabled, view.current) && view.current >= 0 ? view.current : -1;
    this.step = view.step;
    this.waiting = view.waiting ?? 0;
    this.timed = view.timed === true;
    return this;
  }

  pending(actor: number): Operation {
    return this.of.pending(actor);
  }

  site(actor: number): number {
    return this.of.site?.(actor) ?? 0;
  }

  word(addr: number): number {
    return this.of.word?.(addr) ?? 0;
  }
}
