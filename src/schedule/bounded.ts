// SPDX-License-Identifier: GPL-2.0-only
/**
 * bounded(k) and dfs: depth-first search of all schedules with at most k preemptions, or of all.
 *
 * Guarantee: each schedule with at most k preemptions once. A preemption takes the processor from an actor that could
 * go on; one that blocks, ends or spins gives it away. Musuvathi, Qadeer, "Iterative context bounding for systematic
 * testing of multithreaded programs", PLDI 2007.
 *
 * Sleep sets (Godefroid, LNCS 1032) leave out schedules that only swap independent operations. Under a bound that is
 * unsound: what follows the equivalent schedule may be over the bound there and not here (Coons, Musuvathi, McKinley,
 * "Bounded partial-order reduction", OOPSLA 2013). So they are for the search without a bound only, where they keep
 * every final state; a bounded search takes every schedule.
 */
import { SimulatorBug } from '../util/fault.js';
import { bit, has, lowest, size, useful } from './mask.js';
import { dependent, type Footprint, isWrite } from './operations.js';
import { CUT, type ExecutionEnd, type Operation, type Scheduler, type ScheduleView } from './scheduler.js';

const ENDLESS = 0x3fffffff;

interface Sleeper extends Footprint {
  readonly actor: number;
}

/** A place with more than one way. */
interface Decision {
  /** Ways that are left, the present one included: actors, or answers of `choose`. */
  left: number;
  present: number;
  /** Of actors that were taken here before. */
  readonly done: Sleeper[];
  /** Operation of the present actor. */
  op: Sleeper | null;
}

export interface BoundedOptions {
  /** Preemptions in an execution; Infinity: any number. */
  readonly bound: number;
  /** Only without a bound. */
  readonly sleepSets?: boolean;
}

export class BoundedScheduler implements Scheduler {
  readonly name: string;
  readonly needsOperations = true;
  readonly asksOnWake = false;
  private readonly bound: number;
  private readonly sleepSets: boolean;
  private readonly stack: Decision[] = [];
  private depth = 0;
  private preemptions = 0;
  /** The bound is used up and the current actor goes on. */
  private alone = false;
  private started = false;
  /** Actors that have spun since the last write: they would only see the same again. */
  private vain = 0;
  private asleep: readonly Sleeper[] = [];
  /** The decision before the operation that is being made. */
  private decision: Decision | null = null;

  constructor({ bound, sleepSets = false }: BoundedOptions) {
    const unbounded = bound === Number.POSITIVE_INFINITY;
    if (sleepSets && !unbounded) throw new SimulatorBug('sleep sets under a bound are unsound');
    this.name = unbounded ? 'dfs' : `bounded(${bound})`;
    this.bound = bound;
    this.sleepSets = sleepSets;
  }

  begin(_actors: number): boolean {
    if (this.started && this.stack.length === 0) return false;
    this.started = true;
    this.depth = 0;
    this.preemptions = 0;
    this.vain = 0;
    this.asleep = [];
    return true;
  }

  next(view: ScheduleView): number {
    this.vain |= view.spinning;
    const enabled = useful(view.enabled, this.vain);
    /* To leave a spinning actor is no preemption. */
    const stays = view.current >= 0 && has(enabled & ~this.vain, view.current);
    this.alone = stays && this.preemptions >= this.bound;
    let ways = this.alone ? bit(view.current) : enabled;
    for (const { actor } of this.asleep) ways &= ~bit(actor);
    this.decision = null;
    if (ways === 0) return CUT;
    const actor = this.decide(ways, stays && has(ways, view.current) ? view.current : lowest(ways));
    if (stays && actor !== view.current) this.preemptions++;
    return actor;
  }

  /** Nothing is to be decided until somebody blocks, ends or spins if the bound is used up. */
  quantum(): number {
    return this.alone ? ENDLESS : 0;
  }

  choose(n: number): number {
    const before = this.decision;
    const answer = this.decide(n >= 32 ? -1 : bit(n) - 1, 0);
    this.decision = before;
    return answer;
  }

  executed(actor: number, { access, addr, more }: Operation): void {
    if (isWrite(access)) this.vain = 0;
    if (!this.sleepSets) return;
    const op = { actor, access, addr, more: [...more] };
    const asleep = this.decision === null ? this.asleep : [...this.asleep, ...this.decision.done];
    this.asleep = asleep.filter((sleeper) => !dependent(sleeper, op));
    if (this.decision !== null) this.decision.op = op;
  }

  /** To the last decision with another way. */
  end(_end: ExecutionEnd): void {
    for (; this.stack.length > 0; this.stack.pop()) {
      const decision = this.stack[this.stack.length - 1] as Decision;
      decision.left &= ~bit(decision.present);
      if (decision.left === 0) continue;
      if (decision.op !== null) decision.done.push(decision.op);
      decision.present = lowest(decision.left);
      return;
    }
  }

  private decide(ways: number, first: number): number {
    if (size(ways) === 1) return first;
    if (this.depth === this.stack.length) this.stack.push({ left: ways, present: first, done: [], op: null });
    const decision = this.stack[this.depth++] as Decision;
    if (!has(ways, decision.present)) throw new SimulatorBug(`${this.name}: way ${decision.present} is gone`);
    this.decision = decision;
    return decision.present;
  }
}
