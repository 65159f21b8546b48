// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a memory model is to the engine of coroutines: every access of an actor to the heap goes through it, with the
 * order that the kernel asked for. Actors are numbers, addresses word offsets. Which of several values a load may
 * read is asked of `choose`, so that a search can steer, record and replay it.
 */

export { FENCE, ORDER } from '../../trace/memory_order.js';

/** A load that read a value older than the newest: what a report says of it. */
export interface StaleRead {
  readonly addr: number;
  readonly value: number;
  /** The newest value at the time, and who wrote it and the one that was read (-1: initial). */
  readonly newest: number;
  readonly writer: number;
  readonly newestWriter: number;
  /** Stores to this word that the load did not see. */
  readonly age: number;
  /** What would have forbidden it, in words, if the model can tell cheaply; else empty. */
  readonly remedy: string;
}

export interface MemoryModel {
  readonly name: string;
  /** Before each execution. `heap` holds the initial values and receives the newest value of each word. */
  reset(heap: Int32Array, actors: number, choose: (n: number) => number): void;
  load(actor: number, addr: number, order: number): number;
  store(actor: number, addr: number, value: number, order: number): void;
  /**
   * Reads the newest value, and writes `update(old)`. If that gives null nothing is written and nothing is ordered
   * (a failed cmpxchg). Returns the old value.
   */
  rmw(actor: number, addr: number, update: (old: number) => number | null, order: number): number;
  fence(actor: number, kind: number): void;
  /** A write that is not the program's (memset of fresh memory, boot): seen by all at once. */
  poke(addr: number, value: number): void;
  /** The last load of this actor, if it read an older value than the newest. */
  readonly stale: StaleRead | null;
  /** Steps that the model itself can make now (a store buffer drains), as alternatives beside the actors'; 0: none. */
  internal(actor: number): number;
  internalStep(actor: number): void;
}
