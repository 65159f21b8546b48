// SPDX-License-Identifier: GPL-2.0-only
/** What one thread did on one way through its code, with the values it read: events and how they depend on loads. */

export const EVENT = {
  read: 0,
  write: 1,
  fence: 2,
  /** The read and the write half of a lock that was taken. */
  lock_read: 3,
  lock_write: 4,
  unlock: 5,
  /** A failed spin_trylock(), or a spin_is_locked() that found it locked. */
  seen_locked: 6,
  /** A spin_is_locked() that found it free. */
  seen_unlocked: 7,
  srcu_lock: 8,
  srcu_unlock: 9,
  srcu_sync: 10,
} as const;

export interface TraceEvent {
  readonly kind: number;
  /** -1: none. */
  readonly word: number;
  /** Read or written; the index of an SRCU section. */
  readonly value: number;
  /** ORDER of a read or write. */
  readonly order: number;
  /** LITMUS_FENCE of a fence, else -1. */
  readonly fence: number;
  /** The read of a read-modify-write that returns nothing. */
  readonly noReturn: boolean;
  /** Part of an atomic instruction, successful or not. */
  readonly atomic: boolean;
  readonly statement: number;
  /** Events of the same statement that come before it in program order. */
  readonly after: number[];
  /** Index of the other half of a read-modify-write, or -1. */
  partner: number;
  /** Loads that it depends on, as bits: bit i is `loads[i]` of the trace. */
  readonly address: number;
  readonly data: number;
  readonly control: number;
  /** Loads that its value or its address is computed from. */
  readonly flow: number;
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  /** Index of the event of each load, by number of the load. */
  readonly loads: readonly number[];
  /** Values of the registers at the end. */
  readonly registers: readonly number[];
  /** Line of an access to what is no word of the test; the thread stopped there. 0: none. */
  readonly fault: number;
  /** Equal for traces that differ in values only. */
  readonly shape: string;
}

/** More is beyond what an enumeration can do; thrown as Unfit. */
export const traceLimits = { loads: 32, traces: 50_000, values: 200 } as const;

/** The test is valid and too large, or does what this engine cannot judge. It is skipped with this reason. */
export class Unfit extends Error {}
