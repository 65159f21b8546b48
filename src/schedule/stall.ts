// SPDX-License-Identifier: GPL-2.0-only
/**
 * stall: an actor that is about to access a word which others access too is kept from it until some of them have made
 * conflicting accesses, within bounds; sleeps of the others pass meanwhile (WAIT). All else is random(1/50). What
 * happens often is not stalled more often for that: the n-th visit of an actor at a place of the sources to a word in
 * the m-th state that it met there is stalled with probability rate / (n * m).
 *
 * Guarantee: an execution that comes to an access which conflicts with earlier ones stalls its actor there with the
 * probability above, unless two others are stalled; if the others can make k conflicting accesses without it, it
 * comes right after the k-th with a probability of at least 1 / (2 * k * (k + 1)) where the bounds allow. After Sen,
 * "Race directed random testing of concurrent programs", PLDI 2008, with racing pairs met on the way instead of given;
 * the weights by place and state are in the spirit of Wolff et al., "Greybox fuzzing for concurrency testing", ASPLOS
 * 2024, where schedules are told apart by what reads from what.
 */
import { actorSeed, Rng } from '../util/rng.js';
import { bit, has, lowest, nth, size, useful } from './mask.js';
import { ACCESS, type ExecutionEnd, type Scheduler, type ScheduleView, WAIT } from './scheduler.js';
import { Visits } from './visits.js';

const SWITCH = 1 / 50;
/** Shares of first visits that are stalled, one drawn for each execution. */
export const STALL_RATES: readonly number[] = [1 / 10, 1 / 30, 1 / 100];
/** Of words that nobody else has accessed so far. */
const UNSHARED = 1 / 8;
const AT_ONCE = 2;
/** Conflicting accesses, operations of others, and time limits that a stall lasts at most. */
const MOST_HITS = 64;
export const LONGEST = [64, 4096] as const;
export const MOST_WAITS = 6;

/** Counters that no execution has: each needs a megabyte of them, and there are thousands a second. */
const lent: Visits[] = [];

/** How long a stall lasts at most: conflicting accesses of others, operations, time limits that pass. */
export interface Bounds {
  readonly hits: number;
  readonly length: number;
  readonly waits: number;
}

interface Stall {
  readonly addr: number;
  readonly writes: boolean;
  /** Conflicting accesses of others still to come. */
  hits: number;
  /** Step at which it is over in any case. */
  readonly until: number;
  waits: number;
}

export class StallScheduler implements Scheduler {
  readonly name: string = 'stall';
  readonly needsOperations = true;
  readonly asksOnWake = false;
  protected rng: Rng;
  private execution = 0;
  private rate = 0;
  /** By actor, in the order in which they began. */
  private readonly stalls = new Map<number, Stall>();
  /** Bit mask of their actors. */
  private stalled = 0;
  /** One that was let go right after a conflicting access, to go next; -1: none. */
  private urgent = -1;
  /** Lent for an execution. */
  private visits: Visits | null = null;

  constructor(private readonly seed: number) {
    this.rng = new Rng(seed);
  }

  begin(_actors: number): boolean {
    this.rng = new Rng(actorSeed(this.seed, this.execution++));
    this.rate = STALL_RATES[this.rng.below(STALL_RATES.length)] as number;
    this.stalls.clear();
    this.stalled = 0;
    this.urgent = -1;
    this.visits ??= lent.pop() ?? new Visits();
    this.visits.reset();
    return true;
  }

  next(view: ScheduleView): number {
    const { current, enabled, spinning } = view;
    if (this.stalled !== 0) {
      for (const [actor, stall] of this.stalls) if (view.step >= stall.until) this.release(actor);
    }
    if (current >= 0 && current !== this.urgent && !has(this.stalled, current)) this.consider(view, current);
    if (this.stalled !== 0 && (enabled & ~this.stalled & ~spinning) === 0) {
      /* Nobody else gets on: time passes, or those who began first go on. */
      for (const [actor, stall] of this.stalls) {
        if (view.timed === true && stall.waits-- > 0) return WAIT;
        this.release(actor);
        if (has(enabled, actor)) break;
      }
    }
    const actor = this.pick(view);
    this.urgent = -1;
    this.note(view, actor);
    return actor;
  }

  private pick({ enabled, spinning, current }: ScheduleView): number {
    if (this.urgent >= 0 && has(enabled, this.urgent)) return this.urgent;
    const free = enabled & ~this.stalled;
    const stays = current >= 0 && has(free & ~spinning, current);
    if (stays && !this.rng.chance(SWITCH)) return current;
    const others = stays ? free & ~spinning & ~bit(current) : useful(free, spinning);
    if (others === 0) return stays ? current : lowest(useful(enabled, spinning));
    return nth(others, this.rng.below(size(others)));
  }

  /** Whether `actor` is stalled before its next operation. */
  private consider(view: ScheduleView, actor: number): void {
    const { access, addr } = view.pending(actor);
    if (access === ACCESS.none) return;
    const writes = (access & ACCESS.write) !== 0;
    const visits = this.visits as Visits;
    const site = view.site?.(actor) ?? 0;
    const share = visits.share(actor, addr, site);
    if (this.stalls.size >= AT_ONCE) return;
    const conflicts = visits.conflicts(actor, addr, writes);
    const rate = conflicts ? this.rate : this.rate * UNSHARED;
    const bounds = this.bounds(actor, site, rate * share, conflicts);
    if (bounds === null) return;
    const { hits, length, waits } = bounds;
    this.stalls.set(actor, { addr, writes, hits, until: view.step + length, waits });
    this.stalled |= bit(actor);
  }

  /** Of a stall of the actor at that place of the sources, which is its due with `probability`; null: none. */
  protected bounds(_actor: number, _site: number, probability: number, _conflicts: boolean): Bounds | null {
    return this.rng.chance(probability) ? this.someBounds() : null;
  }

  protected someBounds(): Bounds {
    const hits = Math.min(MOST_HITS, Math.floor(1 / this.rng.between(0, 1)));
    const [lo, hi] = LONGEST;
    const length = Math.floor(lo * (hi / lo) ** this.rng.between(0, 1));
    return { hits, length, waits: this.rng.below(MOST_WAITS + 1) };
  }

  /** The operation that `actor` makes now. */
  private note(view: ScheduleView, actor: number): void {
    const { access, addr } = view.pending(actor);
    if (access === ACCESS.none) return;
    const writes = (access & ACCESS.write) !== 0;
    this.visits?.note(actor, addr, writes);
    if (this.stalled === 0) return;
    for (const [other, stall] of this.stalls) {
      if (stall.addr !== addr || (!writes && !stall.writes) || --stall.hits > 0) continue;
      this.release(other);
      if (this.rng.chance(0.5)) this.urgent = other;
    }
  }

  private release(actor: number): void {
    this.stalls.delete(actor);
    this.stalled &= ~bit(actor);
  }

  quantum(): number {
    return 0;
  }

  choose(n: number): number {
    return this.rng.below(n);
  }

  end(_end: ExecutionEnd): void {
    if (this.visits !== null) lent.push(this.visits);
    this.visits = null;
  }
}
