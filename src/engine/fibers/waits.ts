// SPDX-License-Identifier: GPL-2.0-only
/** Who sleeps on what and until when, who waits for a condition, and how much virtual time has passed. */
import { ACCESS, type Scheduler } from '../../schedule/scheduler.js';
import { MAX_ACTORS, type PendingOperation, View } from './view.js';

/**
 * Word 0 (LEFT): operations that may still be made before the next question. Word 1 (CHANGES): counts the writes of
 * marked operations that changed their word, so that a waiting loop is known to wait in vain. Word 2 (AWAITING): not 0
 * while an actor is in an await. Word 3 (TURNS): turns of loops that may still be made before the next question.
 */
export const $S = new Int32Array(16);
export const LEFT = 0;
export const CHANGES = 1;
export const AWAITING = 2;
export const TURNS = 3;

/** Turns of loops between two questions, above which they will never end; any number where nobody asks. */
export const MOST_TURNS = 4_000_000;
export const UNBOUNDED = 0x7fffffff;

$S[TURNS] = UNBOUNDED;

/** Counts down to the next question. True: ask. */
export function due(): boolean {
  const left = ($S[LEFT] as number) - 1;
  $S[LEFT] = left;
  return left < 0;
}

/** Virtual duration of an operation, ns. */
export const STEP_NS = 1000;
export const NEVER = Number.POSITIVE_INFINITY;

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

export abstract class Waits {
  log: EngineLog | null = null;
  current = 0;
  steps = 0;
  readonly view = new View();
  scheduler!: Scheduler;
  /** The scheduler looks at operations. */
  protected tells = false;
  /** Bit mask of those that can go on. */
  protected enabled = 0;
  /** What the running actor was given, and what of it the scheduler will still get when the engine took a part. */
  protected given = 0;
  protected running = false;
  protected reserve = 0;
  protected base_ns = 0;
  protected spins = 0;
  protected readonly sleepAddr = new Int32Array(MAX_ACTORS);
  /** What its word held then. */
  private readonly sleepValue = new Int32Array(MAX_ACTORS);
  protected readonly sleepSeq = new Int32Array(MAX_ACTORS);
  protected readonly deadline = new Float64Array(MAX_ACTORS);
  /** Of base_ns, what passed while nobody could run. */
  protected rested_ns = 0;
  /** rested_ns when its sleep began. */
  private readonly sleepBase = new Float64Array(MAX_ACTORS);
  protected readonly result = new Int32Array(MAX_ACTORS);
  protected awaiting = 0;
  protected sleepers = 0;
  protected seq = 0;
  protected earliest = NEVER;
  /** Somebody became able to go on, and the scheduler is to be asked. */
  protected woken = false;

  /** The question before an operation. True: another actor is next, yield. */
  abstract pause(): boolean;

  /** Virtual ns since the machine's start. */
  now_ns(): number {
    return this.base_ns + (this.steps + this.made()) * STEP_NS;
  }

  /**
   * Operations made since the last question: the one that the chosen actor had before it, and those that it met
   * after; the one at which it stands now is not made yet. To start, and to go on after a sleep, is an operation too.
   */
  protected made(): number {
    if (!this.running) return 0;
    const left = $S[LEFT] as number;
    return left < 0 ? this.given - left : 1 + this.given - left;
  }

  /** The running actor goes to sleep; the compiled operation yields right after. */
  block(addr: number, timeout_ms: number): void {
    const a = this.current;
    this.enabled &= ~(1 << a);
    this.sleepers |= 1 << a;
    this.sleepAddr[a] = addr;
    this.sleepValue[a] = this.view.heap[addr] as number;
    this.sleepSeq[a] = this.seq++;
    this.sleepBase[a] = this.rested_ns;
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
    for (let a = 0; a < MAX_ACTORS; a++) if (((this.sleepers >>> a) & 1) !== 0) this.rouse(a, 0);
  }

  protected rouse(a: number, result: number): void {
    this.sleepers &= ~(1 << a);
    this.enabled |= 1 << a;
    this.result[a] = result;
    const had = this.deadline[a] as number;
    this.deadline[a] = NEVER;
    if (had === this.earliest) this.findEarliest();
    this.enables();
  }

  /** An actor that could not go on can. */
  protected enables(): void {
    this.spins = 0;
    if (this.scheduler.asksOnWake) this.askSoon();
  }

  /** The scheduler is asked before the next operation: what was given and not used is the reserve's. */
  protected askSoon(): void {
    this.woken = true;
    const left = $S[LEFT] as number;
    if (left > 0) {
      this.given -= left;
      this.reserve += left;
      $S[LEFT] = 0;
    }
  }

  protected findEarliest(): void {
    let earliest = NEVER;
    for (let a = 0, left = this.sleepers; left !== 0; a++, left >>>= 1) {
      if ((left & 1) !== 0 && (this.deadline[a] as number) < earliest) earliest = this.deadline[a] as number;
    }
    this.earliest = earliest;
  }

  /** Wakes those whose time is over. */
  protected expire(): void {
    const now = this.now_ns();
    for (let a = 0; a < MAX_ACTORS; a++) {
      if (((this.sleepers >>> a) & 1) !== 0 && (this.deadline[a] as number) <= now) {
        if (this.log !== null) this.log.expire(a);
        this.rouse(a, 2);
      }
    }
    this.findEarliest();
  }

  /** Nobody can run: time passes. */
  protected rest(): void {
    const before = this.base_ns;
    this.jump();
    this.rested_ns += this.base_ns - before;
  }

  protected jump(): void {
    this.base_ns += Math.max(0, this.earliest - this.now_ns());
    if (this.log !== null) this.log.jump(this.base_ns);
    this.expire();
  }

  /** Address that the actor sleeps on; -1 if it does not. */
  sleepsOn(actor: number): number {
    return ((this.sleepers >>> actor) & 1) !== 0 ? (this.sleepAddr[actor] as number) : -1;
  }

  /** What that word held when it went to sleep. */
  sleptAt(actor: number): number {
    return this.sleepValue[actor] as number;
  }

  /**
   * Virtual ns that passed while nobody could run since an actor went to sleep without a time limit; 0: it does not
   * sleep so. Time that others took to run, or in which a scheduler kept one from it, does not count.
   */
  sleptThrough(actor: number): number {
    if (((this.sleepers >>> actor) & 1) === 0 || this.deadline[actor] !== NEVER) return 0;
    return this.rested_ns - (this.sleepBase[actor] as number);
  }

  protected resetWaits(): void {
    this.given = 0;
    this.running = false;
    this.reserve = 0;
    this.base_ns = 0;
    this.rested_ns = 0;
    this.spins = 0;
    this.woken = false;
    this.awaiting = 0;
    $S[AWAITING] = 0;
    this.view.waiting = 0;
    this.sleepers = 0;
    this.seq = 0;
    this.earliest = NEVER;
  }
}
