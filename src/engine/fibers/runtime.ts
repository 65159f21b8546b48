// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs coroutines, one at a time: asks the scheduler who is next, keeps who sleeps on what and until when, and lets
 * virtual time pass. The compiled operations call `$pause`, `$spin` and `$at`; one machine runs at a time in a thread.
 *
 * Time. An operation takes STEP_NS; when all sleep, the clock jumps to the next time limit.
 */
import { ACCESS, CUT, type Operation, type Scheduler } from '../../schedule/scheduler.js';
import type { MemoryModel } from './memory_model.js';
import type { AccessObserver } from './observer.js';
import { MAX_ACTORS, PendingOperation, View } from './view.js';

/**
 * Word 0 (LEFT): operations that may still be made before the next question. Word 1 (CHANGES): counts the writes of
 * marked operations that changed their word, so that a waiting loop is known to wait in vain. Word 2 (AWAITING): not 0
 * while an actor is in an await.
 */
export const $S = new Int32Array(16);
const LEFT = 0;
const CHANGES = 1;
const AWAITING = 2;

/** A marked write changed its word. */
export function changed(): void {
  $S[CHANGES] = ($S[CHANGES] as number) + 1;
  if ($S[AWAITING] !== 0) rt.lookAwaiting();
}

/** Counts down to the next question. True: ask. */
export function due(): boolean {
  const left = ($S[LEFT] as number) - 1;
  $S[LEFT] = left;
  return left < 0;
}

/** A store leaves its buffer before one in so many accesses of its actor. */
const DRAIN_ONE_IN = 4;
/** Virtual duration of an operation, ns. */
export const STEP_NS = 1000;
/** Turns of waiting loops in a row, per actor, after which only time can help, and after which nothing will. */
const SPINS_BEFORE_JUMP = 8;
const SPINS_BEFORE_LIVELOCK = 400;
const NEVER = Number.POSITIVE_INFINITY;

export type EndKind =
  /** All actors have left. */
  | 'done'
  /** Nobody can go on and no time limit is pending. */
  | 'deadlock'
  /** All that can run spin, and nothing changes. */
  | 'livelock'
  | 'step-bound'
  /** The scheduler left it. */
  | 'cut'
  /** An actor threw. */
  | 'exception'
  /** The observer asked for it. */
  | 'stopped';

/** The answers that steer an execution: who ran for how many operations, and which alternatives were taken. */
export interface Decisions {
  readonly actors: number[];
  readonly points: number[];
  readonly choices: number[];
}

/** Told what the engine itself decides, at the step that stands in `rt.steps`: what a replay on threads follows. */
export interface EngineLog {
  /** `next` goes on, and another actor (-1: nobody) ran before. */
  hand(previous: number, next: number): void;
  /** The time limit of an actor's sleep is over. */
  expire(actor: number): void;
  /** All wait: virtual time less the steps is now `base_ns`. */
  jump(base_ns: number): void;
  /** Nobody can go on, and all sleepers are woken. */
  wakeAll(): void;
}

export type Fiber = Generator<undefined, void, undefined>;

export class Runtime {
  current = 0;
  steps = 0;
  maxSteps = 0;
  /** Place of the operation that the actor makes or is about to make. */
  readonly site = new Int32Array(MAX_ACTORS);
  readonly view = new View();
  scheduler!: Scheduler;
  model: MemoryModel | null = null;
  /** The model keeps stores in buffers: they leave in steps of their own. */
  buffered = false;
  observer: AccessObserver | null = null;
  log: EngineLog | null = null;
  /** Numbers of the barriers that are left out. */
  dropped: ReadonlySet<number> = new Set();
  decisions: Decisions = { actors: [], points: [], choices: [] };
  error: unknown = null;
  end: EndKind = 'done';
  /** Told when an actor has left. */
  onExit: (actor: number) => void = () => {};

  /** Nobody can go on. True: it has woken somebody. */
  onStuck: () => boolean = () => false;

  /** The operation that is being made, for schedulers that are told of it. The heap says if it comes to nothing. */
  readonly ran = new PendingOperation();
  private tells = false;
  private fibers: Fiber[] = [];
  private next = -1;
  private stopped = false;
  /** Bit masks. */
  private enabled = 0;
  private spinning = 0;
  private alive = 0;
  /** What the running actor was given, and what of it the scheduler will still get when the engine took a part. */
  private given = 0;
  private running = false;
  private reserve = 0;
  private base_ns = 0;
  private spins = 0;
  private readonly sleepAddr = new Int32Array(MAX_ACTORS);
  private readonly sleepSeq = new Int32Array(MAX_ACTORS);
  private readonly deadline = new Float64Array(MAX_ACTORS);
  private readonly result = new Int32Array(MAX_ACTORS);
  /** CHANGES when the actor last went on, and when it was found to wait in vain. */
  private readonly mark = new Int32Array(MAX_ACTORS);
  private readonly vainSince = new Int32Array(MAX_ACTORS);
  /** Bit mask: they looked, went on, looked again, and nothing had changed: they wait for a change. */
  private vain = 0;
  private awaiting = 0;
  private sleepers = 0;
  private seq = 0;
  private earliest = NEVER;

  /** Virtual ns since the machine's start. */
  now_ns(): number {
    return this.base_ns + (this.steps + this.made()) * STEP_NS;
  }

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
    this.given = 0;
    this.reserve = 0;
    this.base_ns = 0;
    this.spins = 0;
    this.spinning = 0;
    this.vain = 0;
    this.woken = false;
    this.awaiting = 0;
    $S[AWAITING] = 0;
    this.view.waiting = 0;
    this.sleepers = 0;
    this.seq = 0;
    this.earliest = NEVER;
    this.alive = n === 32 ? -1 : (1 << n) - 1;
    this.enabled = this.alive;
    this.stopped = false;
    this.error = null;
    this.end = 'done';
    this.decisions = { actors: [], points: [], choices: [] };
    this.running = false;
    $S[LEFT] = 0;
    for (let a = 0; a < n; a++) (this.view.operations[a] as PendingOperation).set(ACCESS.none, 0);
    this.loop();
    return this.end;
  }

  private loop(): void {
    let a = this.choose(-1);
    while (a >= 0) {
      this.current = a;
      this.next = -1;
      this.mark[a] = $S[CHANGES] as number;
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

  /**
   * Operations made since the last question: the one that the chosen actor had before it, and those that it met
   * after; the one at which it stands now is not made yet. To start, and to go on after a sleep, is an operation too.
   */
  private made(): number {
    if (!this.running) return 0;
    const left = $S[LEFT] as number;
    return 1 + this.given - (left > 0 ? left : 0);
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
    if (this.steps >= this.maxSteps) return this.finish('step-bound');
    if (this.earliest <= this.now_ns()) this.expire();
    if (this.awaiting !== 0) this.lookAwaiting();
    if (this.vain !== 0) this.lookAgain();
    while ((this.enabled & ~this.vain) === 0) {
      if (this.earliest !== NEVER) this.jump();
      else if (!this.onStuck()) return this.finish(this.enabled === 0 ? 'deadlock' : 'livelock');
    }
    if ((this.enabled & ~this.spinning) === 0 && this.spins > SPINS_BEFORE_JUMP * this.fibers.length) {
      if (this.earliest !== NEVER) this.jump();
      else if (this.spins > SPINS_BEFORE_LIVELOCK * this.fibers.length) return this.finish('livelock');
    }
    let next = current;
    /* The operation at which it stands is one of those that it was given. */
    let quantum = this.reserve - 1;
    if (current < 0 || quantum < 0 || this.woken || ((this.vain >>> current) & 1) !== 0) {
      const { view } = this;
      view.enabled = this.enabled & ~this.vain;
      view.spinning = this.spinning & view.enabled;
      view.current = current >= 0 && ((view.enabled >>> current) & 1) !== 0 ? current : -1;
      view.step = this.steps;
      next = this.scheduler.next(view);
      if (next === CUT) return this.finish('cut');
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

  private woken = false;

  /** Those who wait in vain look again if something changed. */
  private lookAgain(): void {
    const changes = $S[CHANGES] as number;
    for (let a = 0, left = this.vain; left !== 0; a++, left >>>= 1) {
      if ((left & 1) !== 0 && this.vainSince[a] !== changes) this.vain &= ~(1 << a);
    }
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
    this.running = true;
    if (this.tells) this.ran.copy(this.view.operations[next] as PendingOperation);
    const { actors, points } = this.decisions;
    const last = actors.length - 1;
    if (last < 0 || actors[last] !== next) {
      if (this.log !== null) this.log.hand(last < 0 ? -1 : (actors[last] as number), next);
      actors.push(next);
      points.push(0);
    }
    return next;
  }

  /** The question before an operation. True: another actor is next, yield. */
  pause(): boolean {
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
    const changes = $S[CHANGES] as number;
    if (this.mark[a] === changes && this.model === null) {
      this.vain |= 1 << a;
      this.vainSince[a] = changes;
    }
    this.mark[a] = changes;
    const left = $S[LEFT] as number;
    this.given -= left;
    $S[LEFT] = 0;
    return this.pause();
  }

  /** The running actor goes to sleep; the compiled operation yields right after. */
  block(addr: number, timeout_ms: number): void {
    const a = this.current;
    this.enabled &= ~(1 << a);
    this.sleepers |= 1 << a;
    this.sleepAddr[a] = addr;
    this.sleepSeq[a] = this.seq++;
    this.spins = 0;
    const deadline = timeout_ms === NEVER ? NEVER : this.now_ns() + Math.max(timeout_ms * 1e6, STEP_NS);
    this.deadline[a] = deadline;
    if (deadline < this.earliest) this.earliest = deadline;
    /* To go on touches no word: what let it go on is the wake-up. */
    (this.view.operations[a] as PendingOperation).set(ACCESS.none, 0);
  }

  /** Why the actor's last sleep ended (FUTEX_*). */
  woke(): number {
    return this.result[this.current] as number;
  }

  /**
   * The question before an await of the running actor: it is made when `holds` is true of the words. `second` is -1 for
   * a condition on one word. True: yield.
   */
  await(addr: number, second: number, holds: (first: number, second: number) => boolean): boolean {
    const a = this.current;
    const op = this.view.operations[a] as PendingOperation;
    op.set(ACCESS.read, addr);
    op.second = second;
    op.holds = holds;
    op.takesEffect = op.isOver;
    if (this.tells && second >= 0) op.more = [second];
    const { heap } = this.view;
    const isOver = holds(heap[addr] as number, second < 0 ? 0 : (heap[second] as number));
    if (isOver && !due()) return false;
    this.awaiting |= 1 << a;
    $S[AWAITING] = this.awaiting;
    if (isOver) return this.pause();
    this.enabled &= ~(1 << a);
    this.view.waiting = this.awaiting & ~this.enabled;
    return true;
  }

  /** Who in an await can go on: asked when a word has changed. */
  lookAwaiting(): void {
    const { heap, operations } = this.view;
    const before = this.enabled;
    for (let left = this.awaiting; left !== 0; left &= left - 1) {
      const a = 31 - Math.clz32(left & -left);
      const op = operations[a] as PendingOperation;
      const isOver = op.holds(heap[op.addr] as number, op.second < 0 ? 0 : (heap[op.second] as number));
      if (isOver) this.enabled |= 1 << a;
      else this.enabled &= ~(1 << a);
    }
    this.view.waiting = this.awaiting & ~this.enabled;
    if ((this.enabled & ~before) !== 0) this.enables();
  }

  /** The condition holds and the actor goes on. */
  awaited(): void {
    this.awaiting &= ~(1 << this.current);
    $S[AWAITING] = this.awaiting;
  }

  wake(addr: number, n: number): number {
    let woken = 0;
    while (woken < n && this.sleepers !== 0) {
      let first = -1;
      for (let a = 0, left = this.sleepers; left !== 0; a++, left >>>= 1) {
        if ((left & 1) === 0 || this.sleepAddr[a] !== addr) continue;
        if (first < 0 || (this.sleepSeq[a] as number) < (this.sleepSeq[first] as number)) first = a;
      }
      if (first < 0) break;
      this.rouse(first, 0);
      woken++;
    }
    return woken;
  }

  /** Ends the sleep of every actor, as a spurious wake-up would. */
  wakeAll(): void {
    for (let a = 0; a < this.fibers.length; a++) if (((this.sleepers >>> a) & 1) !== 0) this.rouse(a, 0);
  }

  private rouse(a: number, result: number): void {
    this.sleepers &= ~(1 << a);
    this.enabled |= 1 << a;
    this.result[a] = result;
    const had = this.deadline[a] as number;
    this.deadline[a] = NEVER;
    if (had === this.earliest) this.findEarliest();
    this.enables();
  }

  /** An actor that could not go on can. */
  private enables(): void {
    this.spins = 0;
    if (this.scheduler.asksOnWake) {
      this.woken = true;
      /* Asked before the next operation: what was given and not used is the reserve's. */
      const left = $S[LEFT] as number;
      if (left > 0) {
        this.given -= left;
        this.reserve += left;
        $S[LEFT] = 0;
      }
    }
  }

  private findEarliest(): void {
    let earliest = NEVER;
    for (let a = 0, left = this.sleepers; left !== 0; a++, left >>>= 1) {
      if ((left & 1) !== 0 && (this.deadline[a] as number) < earliest) earliest = this.deadline[a] as number;
    }
    this.earliest = earliest;
  }

  /** Wakes those whose time is over. */
  private expire(): void {
    const now = this.now_ns();
    for (let a = 0; a < this.fibers.length; a++) {
      if (((this.sleepers >>> a) & 1) !== 0 && (this.deadline[a] as number) <= now) {
        this.rouse(a, 2);
        if (this.log !== null) this.log.expire(a);
      }
    }
    this.findEarliest();
  }

  private jump(): void {
    this.base_ns += Math.max(0, this.earliest - this.now_ns());
    if (this.log !== null) this.log.jump(this.base_ns);
    this.expire();
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

  isAlive(actor: number): boolean {
    return ((this.alive >>> actor) & 1) !== 0;
  }

  /** Address that the actor sleeps on; -1 if it does not. */
  sleepsOn(actor: number): number {
    return ((this.sleepers >>> actor) & 1) !== 0 ? (this.sleepAddr[actor] as number) : -1;
  }
}

export const rt = new Runtime();

export function $pause(): boolean {
  return rt.pause();
}

export function $spin(site: number): boolean {
  const a = rt.current;
  rt.site[a] = site;
  (rt.view.operations[a] as PendingOperation).set(ACCESS.none, 0);
  return rt.spin();
}

/** The next operation of the running actor, before it. */
export function $at(access: number, addr: number, site: number): boolean {
  const a = rt.current;
  rt.site[a] = site;
  (rt.view.operations[a] as PendingOperation).set(access, addr);
  return due() && rt.pause();
}

/** The same for a read-modify-write (RMW) with its values. */
export function $rmw(rmw: number, addr: number, site: number, value: number, other: number): boolean {
  const a = rt.current;
  rt.site[a] = site;
  const op = rt.view.operations[a] as PendingOperation;
  op.set(ACCESS.update, addr);
  op.rmw = rmw;
  op.value = value | 0;
  op.other = other | 0;
  op.takesEffect = op.changes;
  return due() && rt.pause();
}
