// SPDX-License-Identifier: GPL-2.0-only
/**
 * The seam: every access of the kernel to shared memory goes through one of these functions, with the names and
 * the meaning of the Linux kernel memory model (Documentation/memory-barriers.txt, tools/memory-model).
 *
 * On the threads engine they are JS Atomics, which are sequentially consistent: acquire, release, relaxed and the
 * smp_* barriers then cost and order the same. They are kept apart because other engines give them their own
 * meaning, and because the reader of the kernel code must see which order it relies on.
 */
import type { Field, Ptr } from './layout.js';

/** What an access needs: the machine's heap as 32-bit words. */
export interface Mem {
  readonly i32: Int32Array;
}

/* ---- marked accesses ---- */

export function READ_ONCE<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>): V {
  return Atomics.load(m.i32, p + f) as unknown as V;
}

export function WRITE_ONCE<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  Atomics.store(m.i32, p + f, v as unknown as number);
}

export function smp_load_acquire<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>): V {
  return Atomics.load(m.i32, p + f) as unknown as V;
}

export function smp_store_release<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  Atomics.store(m.i32, p + f, v as unknown as number);
}

/** WRITE_ONCE, then a full barrier (set_current_state is one). */
export function smp_store_mb<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  Atomics.store(m.i32, p + f, v as unknown as number);
}

/** Reads a pointer that readers may follow: orders the load before accesses through it. */
export function rcu_dereference<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>): V {
  return Atomics.load(m.i32, p + f) as unknown as V;
}

/** Publishes a pointer: what it points to was written before (a release). */
export function rcu_assign_pointer<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  Atomics.store(m.i32, p + f, v as unknown as number);
}

/* ---- plain C accesses: no order, no atomicity; a lock or exclusive use must cover them ---- */

export function load<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>): V {
  return m.i32[p + f] as unknown as V;
}

export function store<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  m.i32[p + f] = v as unknown as number;
}

/** A plain load that may race on purpose: the value is only a hint, or the reader re-checks (data_race()). */
export function data_race<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>): V {
  return m.i32[p + f] as unknown as V;
}

/** Writes a word that only reports read: no part of the program under test, so it is ordered with nothing. */
export function note<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): void {
  Atomics.store(m.i32, p + f, v as unknown as number);
}

/** Sets `words` words of memory that only the caller knows, or that nobody may look at any more. */
export function memset<S extends string>(m: Mem, p: Ptr<S>, value: number, words: number): void {
  m.i32.fill(value, p, p + words);
}

/** Fetches the word of text at `pc`. Text is written only by text_poke and by the module loader. */
export function ifetch(m: Mem, pc: number): number {
  return m.i32[pc] as number;
}

/* ---- time ---- */

/** Work that touches nothing shared: `units` turns of a loop. Returns a value, so that it is not optimised away. */
export function work(_m: Mem, units: number): number {
  let x = units | 1;
  for (let i = 0; i < units; i++) x = (Math.imul(x, 1103515245) + 12345) | 0;
  return x;
}

/**
 * A turn of a waiting loop that found its condition false. True: the engine has let others run meanwhile and the
 * caller need not give its core away. On real threads they run anyway.
 */
export function spin_hint(_m: Mem): boolean {
  return false;
}

/* ---- barriers; `id` names the row of the barrier registry ---- */

export function smp_mb(_m: Mem, _id: number): void {}
export function smp_rmb(_m: Mem, _id: number): void {}
export function smp_wmb(_m: Mem, _id: number): void {}
export function smp_mb__before_atomic(_m: Mem, _id: number): void {}
export function smp_mb__after_atomic(_m: Mem, _id: number): void {}

/* ---- read-modify-write; without a suffix they are fully ordered, as in the kernel ---- */

export function xchg<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): V {
  return Atomics.exchange(m.i32, p + f, v as unknown as number) as unknown as V;
}
export function xchg_relaxed<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): V {
  return Atomics.exchange(m.i32, p + f, v as unknown as number) as unknown as V;
}
export function xchg_acquire<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): V {
  return Atomics.exchange(m.i32, p + f, v as unknown as number) as unknown as V;
}
export function xchg_release<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, v: V): V {
  return Atomics.exchange(m.i32, p + f, v as unknown as number) as unknown as V;
}

/** Returns the value found: the exchange took place if that is `old`. A failed one orders nothing. */
export function cmpxchg<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, old: V, v: V): V {
  return Atomics.compareExchange(
    m.i32,
    p + f,
    old as unknown as number,
    v as unknown as number,
  ) as unknown as V;
}
export function cmpxchg_relaxed<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, old: V, v: V): V {
  return Atomics.compareExchange(
    m.i32,
    p + f,
    old as unknown as number,
    v as unknown as number,
  ) as unknown as V;
}
export function cmpxchg_acquire<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, old: V, v: V): V {
  return Atomics.compareExchange(
    m.i32,
    p + f,
    old as unknown as number,
    v as unknown as number,
  ) as unknown as V;
}
export function cmpxchg_release<S extends string, V>(m: Mem, p: Ptr<S>, f: Field<S, V>, old: V, v: V): V {
  return Atomics.compareExchange(
    m.i32,
    p + f,
    old as unknown as number,
    v as unknown as number,
  ) as unknown as V;
}

/** Returns the value before the addition. */
export function fetch_add<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return Atomics.add(m.i32, p + f, n);
}
export function fetch_add_relaxed<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return Atomics.add(m.i32, p + f, n);
}
export function fetch_add_acquire<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return Atomics.add(m.i32, p + f, n);
}
export function fetch_add_release<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return Atomics.add(m.i32, p + f, n);
}
export function fetch_or<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, bits: number): number {
  return Atomics.or(m.i32, p + f, bits);
}
export function fetch_or_relaxed<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, bits: number): number {
  return Atomics.or(m.i32, p + f, bits);
}
export function fetch_and<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, bits: number): number {
  return Atomics.and(m.i32, p + f, bits);
}
export function fetch_and_relaxed<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, bits: number): number {
  return Atomics.and(m.i32, p + f, bits);
}

/* ---- blocking: the futex interface, the only way to sleep ---- */

export const FUTEX_WOKEN = 0;
export const FUTEX_NOT_EQUAL = 1;
export const FUTEX_TIMED_OUT = 2;

/**
 * Sleeps while the word still holds `expected`, until a futex_wake on it, or for `timeout_ms` (Infinity: for ever).
 * May return without cause: callers re-check their condition in a loop.
 */
export function futex_wait<S extends string>(
  m: Mem,
  p: Ptr<S>,
  f: Field<S>,
  expected: number,
  timeout_ms: number,
): number {
  const r = Atomics.wait(m.i32, p + f, expected, timeout_ms);
  return r === 'ok' ? FUTEX_WOKEN : r === 'not-equal' ? FUTEX_NOT_EQUAL : FUTEX_TIMED_OUT;
}

/** Wakes up to `n` sleepers on the word; returns how many. The word must have been changed before. */
export function futex_wake<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return Atomics.notify(m.i32, p + f, n);
}

/* ---- waiting for a condition, in models: one operation, made when the condition holds; not a loop of looks ---- */

/** Longest nap between two looks on real threads, ms: a writer of the words wakes nobody. */
const AWAIT_NAP_MS = 1;

/**
 * Waits until `holds` is true of the word, and returns the value that it was true of (smp_cond_load_acquire()).
 * `holds` may look at nothing else that is shared.
 */
export function await_condition<S extends string>(
  m: Mem,
  p: Ptr<S>,
  f: Field<S>,
  holds: (value: number) => boolean,
): number {
  for (;;) {
    const value = Atomics.load(m.i32, p + f);
    if (holds(value)) return value;
    Atomics.wait(m.i32, p + f, value, AWAIT_NAP_MS);
  }
}

/** The same for a condition on two words; returns the value of the first. */
export function await_condition_2<S extends string>(
  m: Mem,
  p: Ptr<S>,
  f: Field<S>,
  g: Field<S>,
  holds: (first: number, second: number) => boolean,
): number {
  for (;;) {
    const first = Atomics.load(m.i32, p + f);
    if (holds(first, Atomics.load(m.i32, p + g))) return first;
    Atomics.wait(m.i32, p + f, first, AWAIT_NAP_MS);
  }
}
