// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs coroutines, one at a time: asks the scheduler who is next, keeps who sleeps on what and until when, and lets
 * virtual time pass. The compiled operations call `$pause`, `$spin` and `$at`; one machine runs at a time in a thread.
 *
 * Time. An operation takes STEP_NS; when all sleep, the clock jumps to the next time limit.
 */
import { ACCESS, CUT, type Operation, type Scheduler, WAIT } from '../../schedule/scheduler.js';
import type { Decisions, EndKind, Fiber } from './execution.js';
import type { MemoryModel } from './memory_model.js';
import type { AccessObserver } from './observer.js';
import { Turns } from './turns.js';
import { PendingOperation } from './view.js';
import { $S, AWAITING, CHANGES, LEFT, MOST_TURNS, NEVER, STEP_NS, TURNS, UNBOUNDED, Waits } from './waits.js';
import type { Drops } from './weak/drops.js';

export type { Decisions, EndKind, Fiber } from './execution.js';
export { $S, due, type EngineLog, STEP_NS } from './waits.js';

/** A marked write changed its word. */
export function changed(): void {
  $S[CHANGES] = ($S[CHANGES] as number) + 1;
  if ($S[AWAITING] !== 0) rt.lookAwaiting();
}

/** Turns of waiting loops in a row, per actor, after which only time can help, and after which nothing will. */
const SPINS_BEFORE_JUMP = 8;
const SPINS_BEFORE_LIVELOCK = 400;
/** Virtual time in which nobody can run, at most: hundreds of retries of a transition. Then it counts as its bound. */
const LONGEST_NS = 3e8;
/** A store leaves its buffer before one in so many accesses of its actor. */
const DRAIN_ONE_IN = 8;

export class Runtime extends Waits {
  maxSteps = 0;
  /** Place of the operation that the actor makes or is about to make. */
  readonly site = this.view.sites;
  model: MemoryModel | null = null;
  /** The model keeps stores in buffers: they leave in steps of their own. */
  buffered = false;
  observer: AccessObserver | null = null;
  /** Barriers that are left out; by site an ORDER to take instead of what is asked for (0: none); a bit of DIRECTION. */
  drops: Drops | null = null;
  orders: Uint8Array | null = null;
  direction = 0;
  decisions: Decisions = { actors: [], points: [], choices: [] };
  error: unknown = null;
  end: EndKind = 'done';
  /** Told when an actor has left. */
  onExit: (actor: number) => void = () => {};
  /** Nobody can go on. True: it has woken somebody. */
  onStuck: () => boolean = () => false;

  /** All sleep, and time will pass: nobody is in the middle of anything. */
  onStandstill: () => void = () => {};

  /** The operation that is being made, for schedulers that are told of it. The heap says if it comes to nothing. */
  readonly ran = new PendingOperation();
  private fibers: Fiber[] = [];
  private next = -1;
  /** The actor of the last operation; -1: none was made yet. */
  private ranLast = -1;
  private stopped = false;
  private spinning = 0;
  private alive = 0;
  private readonly turns = new Turns();

  /** Operations made by now. */
  step(): number {
    return this.steps + this.made();
  }

  run(fibers: Fiber[], scheduler: Scheduler, maxSteps: number): EndKind {
    const n = fibers.length;
    this.fibers = fibers;
    this.scheduler = scheduler;
    this.tells = scheduler.needsOperations && scheduler.executed !== undefined;
    this.maxSteps = maxSteps;
    this.steps = 0;
    this.resetWaits();
    this.spinning = 0;
    this.turns.reset();
    this.alive = n === 32 ? -1 : (1 << n) - 1;
    this.enabled = this.alive;
    this.stopped = false;
    this.error = null;
    this.end = 'done';
    this.decisions = { actors: [], points: [], choices: [] };
    this.ranLast = -1;
    this.running = false;
    $S[LEFT] = 0;
    for (let a = 0; a < n; a++) (this.view.operations[a] as PendingOperation).set(ACCESS.none, 0);
    this.loop();
    $S[TURNS] = UNBOUNDED;
    return this.end;
  }

  private loop(): void {
    let a = this.choose(-1);
    while (a >= 0) {
      this.current = a;
      this.next = -1;
      this.turns.resumed(a, $S[CHANGES] as number);
      let done = false;
      try {
        done = (this.fibers[a] as Fiber).next().done === true;
      } catch (error) {
        this.account();
        this.error = error;
        this.end = 'exception';
        return;
      }
      if (this.stopped) {
        this.account();
        return;
      }
      if (done) {
        this.enabled &= ~(1 << a);
        this.alive &= ~(1 << a);
        this.spins = 0;
        this.onExit(a);
        if (this.alive === 0) {
          this.account();
          return;
        }
      }
      a = this.next >= 0 ? this.next : this.choose(-1);
    }
  }

  private account(): void {
    const made = this.made();
    this.steps += made;
    const { points } = this.decisions;
    const last = points.length - 1;
    if (last >= 0) points[last] = (points[last] as number) + made;
    if (this.tells && this.running) this.scheduler.executed?.(this.current, this.ran as Operation);
    this.running = false;
    this.given = 0;
    $S[LEFT] = 0;
  }

  private finish(end: EndKind): number {
    this.end = end;
    this.stopped = true;
    return CUT;
  }

  /** Ends the execution at the next question: a violation was seen. */
  stop(): void {
    if (!this.stopped) this.finish('stopped');
    this.given -= $S[LEFT] as number;
    $S[LEFT] = 0;
  }

  /** Asks who is next; `current` is the actor that could go on, or -1. Returns CUT at the end. */
  private choose(current: number): number {
    this.account();
    if (this.stopped) return CUT;
    if (this.steps >= this.maxSteps || this.rested_ns > LONGEST_NS) return this.finish('step-bound');
    if (this.earliest <= this.now_ns()) this.expire();
    if (this.awaiting !== 0) this.lookAwaiting();
    if (this.turns.vain !== 0) this.turns.lookAgain($S[CHANGES] as number);
    while ((this.enabled & ~this.turns.vain) === 0) {
      if (this.enabled === 0 && this.earliest !== NEVER) this.onStandstill();
      if (this.stopped) return CUT;
      if (this.earliest !== NEVER) this.rest();
      else if (!this.onStuck()) return this.finish(this.enabled === 0 ? 'deadlock' : 'livelock');
    }
    const idle = (this.enabled & ~this.spinning) === 0;
    if (idle && this.spins > SPINS_BEFORE_JUMP * this.fibers.length) {
      if (this.earliest !== NEVER) this.rest();
      else if (this.spins > SPINS_BEFORE_LIVELOCK * this.fibers.length) return this.finish('livelock');
    }
    let next = current;
    /* The operation at which it stands is one of those that it was given. */
    let quantum = this.reserve - 1;
    if (current < 0 || quantum < 0 || this.woken || ((this.turns.vain >>> current) & 1) !== 0) {
      const { view } = this;
      view.enabled = this.enabled & ~this.turns.vain;
      view.spinning = this.spinning & view.enabled;
      view.current = current >= 0 && ((view.enabled >>> current) & 1) !== 0 ? current : -1;
      view.step = this.steps;
      view.timed = this.earliest !== NEVER;
      next = this.scheduler.next(view);
      if (next === CUT) return this.finish('cut');
      if (next === WAIT) return this.passTime(current);
      quantum = this.scheduler.quantum();
      this.woken = false;
    }
    if (((this.spinning >>> next) & 1) === 0) {
      this.spinning = 0;
      this.spins = 0;
    }
    this.spinning &= ~(1 << next);
    return this.give(next, quantum);
  }

  /** The scheduler lets the next time limit come although somebody could go on. It is a decision like any other. */
  private passTime(current: number): number {
    this.decisions.actors.push(WAIT);
    this.decisions.points.push(0);
    this.reserve = 0;
    this.jump();
    return this.choose(current);
  }

  private give(next: number, quantum: number): number {
    let q = Math.min(quantum, this.maxSteps - this.steps);
    if (this.earliest !== NEVER) {
      const until = Math.ceil((this.earliest - this.now_ns()) / STEP_NS);
      if (until - 1 < q) q = Math.max(until - 1, 0);
    }
    this.reserve = quantum - q;
    this.given = q;
    $S[LEFT] = q;
    $S[TURNS] = MOST_TURNS;
    this.running = true;
    if (this.tells) this.ran.copy(this.view.operations[next] as PendingOperation);
    const { actors, points } = this.decisions;
    const last = actors.length - 1;
    if (last < 0 || actors[last] !== next) {
      if (this.log !== null && this.ranLast !== next) this.log.hand(this.ranLast, next);
      actors.push(next);
      points.push(0);
    }
    this.ranLast = next;
    return next;
  }

  /** The question before an operation. True: another actor is next, yield. */
  override pause(): boolean {
    if (this.stopped) return true;
    const next = this.choose(this.current);
    if (next === this.current) return false;
    this.next = next;
    return true;
  }

  /** A waiting loop has looked in vain. */
  spin(): boolean {
    const a = this.current;
    this.spinning |= 1 << a;
    this.spins++;
    this.reserve = 0;
    this.turns.over(a, $S[CHANGES] as number, this.model === null);
    const left = $S[LEFT] as number;
    this.given -= left;
    $S[LEFT] = 0;
    const leaves = this.pause();
    if (!leaves) this.turns.stays(a);
    return leaves;
  }

  /** One of `n` alternatives of a memory model. */
  readonly alternative = (n: number): number => {
    const i = this.scheduler.choose(n);
    this.decisions.choices.push(i);
    return i;
  };

  /** Before an access: the oldest store of the running actor's buffer may leave it. A buffer is kept more often than not. */
  drain(): void {
    const { model, current } = this;
    if (model === null) return;
    while (model.internal(current) > 0 && this.alternative(DRAIN_ONE_IN) === 0) model.internalStep(current);
  }

  /** It does not sleep, and does not wait in vain. */
  canGoOn(actor: number): boolean {
    return (((this.enabled & ~this.turns.vain) >>> actor) & 1) !== 0;
  }

  /** The running actor passes a place at which a change of hands is worth while; 0: none. */
  hint(place: number): void {
    if (place !== 0 && this.scheduler.hint?.(place, this.current, this.step()) === true) this.askSoon();
  }

  isAlive(actor: number): boolean {
    return ((this.alive >>> actor) & 1) !== 0;
  }
}

export const rt = new Runtime();
