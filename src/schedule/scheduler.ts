// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a scheduler is: it decides who runs next, and for how many operations. Pure and seedable: it sees actors as
 * numbers and operations as words, never the kernel.
 *
 * The engine asks before an operation, never after one: `next`, then `quantum`. The chosen actor then passes
 * `quantum` further operations without a question, unless it blocks, ends or yields (cpu_relax), which is always asked.
 */

/** What an operation does to its word. A read-modify-write that changes nothing (a failed cmpxchg) is a read. */
export const ACCESS = {
  /** No shared word: time passes (work, the start of an actor). */
  none: 0,
  read: 1,
  write: 2,
  /** Reads and writes: read-modify-writes; futex operations, which also change the word's queue of sleepers. */
  update: 3,
} as const;

/** An operation on shared memory: the next of an actor, or one that was made. */
export interface Operation {
  /** ACCESS */
  access: number;
  /** Word offset in the heap; an await (a wait for a condition) reads several. */
  addr: number;
  /** The other words that an await looks at; empty otherwise. */
  more: readonly number[];
  /**
   * Whether the operation would take effect if its words held what `read` gives: an await could go on, a
   * read-modify-write would change its word. Absent: it always takes effect. For dpor it has to be there, in `pending`
   * and in `executed`, where that is not so.
   */
  takesEffect?: (read: (addr: number) => number) => boolean;
}

/**
 * How an execution stands when the scheduler is asked. One object for a whole execution, always up to date: it may be
 * looked at in `executed` and `end`, too.
 */
export interface ScheduleView {
  /** Bit mask of the actors that can make a step, those that spin included. Never 0. */
  readonly enabled: number;
  /** Subset of `enabled`: they have looked in vain (cpu_relax) and nobody else has run since. */
  readonly spinning: number;
  /** Actor that ran last if it is still enabled; -1 if it blocked or ended, or at the start. */
  readonly current: number;
  /** Operations made in this execution. */
  readonly step: number;
  /** Somebody sleeps until a time, so that WAIT may be answered. */
  readonly timed?: boolean;
  /** Actors in an await whose condition does not hold; none of them is in `enabled`. Needed where there are awaits. */
  readonly waiting?: number;
  /**
   * The next operation of an enabled or waiting actor. Only for schedulers with `needsOperations`. The object is
   * reused.
   */
  pending(actor: number): Operation;
  /** Place in the sources of that operation; 0 where nobody knows it. */
  site?(actor: number): number;
  /** What a word holds now: the values that `takesEffect` is asked about come from here. dpor needs it. */
  word?(addr: number): number;
}

/** How an execution ended. */
export interface ExecutionEnd {
  readonly steps: number;
  /** False: cut off by the step bound, by the scheduler (next gave CUT), or by a violation that stopped it. */
  readonly complete: boolean;
}

/** Answer of `next`: what follows has been seen, leave this execution. */
export const CUT = -1;
/**
 * Answer of `next` where the view is `timed`: nobody runs until the next time limit, although somebody could. All
 * actors may be slow: one that is kept from running is passed by sleeps of others as well as by their operations.
 */
export const WAIT = -2;

export interface Scheduler {
  /** With its parameters, as `pct(3)`. */
  readonly name: string;
  /** True: it looks at `pending`, and is told of every operation (`executed`). Such runs are slower. */
  readonly needsOperations: boolean;
  /** True: asked again at the next operation after an actor became enabled (priorities). */
  readonly asksOnWake: boolean;
  /** Prepares the next execution of `actors` actors. False: the search is complete, there is none. */
  begin(actors: number): boolean;
  /** The actor to run, or CUT, or WAIT: then it is asked again. */
  next(view: ScheduleView): number;
  /** Asked right after `next`: operations that the chosen actor may pass before the next question; 0: one by one. */
  quantum(): number;
  /** Chooses one of `n` alternatives that are not about who runs: which store a load reads. 0 is the newest. */
  choose(n: number): number;
  /** An operation was made. The object is reused. Only with `needsOperations`. */
  executed?(actor: number, op: Operation): void;
  /**
   * The running actor passes a place (1 and up) at which a change of hands is worth while. True: it wants to be asked
   * before the next operation.
   */
  hint?(place: number, actor: number, step: number): boolean;
  end(end: ExecutionEnd): void;
}
