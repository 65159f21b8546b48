// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts for coroutines under sequential consistency: one thread, so they are plain words.
 * The scheduling point stands in the arguments of each call.
 */
import type { Mem } from '../../../mem/heap.js';
import { changed, due, rt } from '../runtime.js';

import { FUTEX_NOT_EQUAL } from './time.js';

export { $endless, $pause, $spin } from '../marks.js';
export { $S } from '../runtime.js';
export { FUTEX_NOT_EQUAL, FUTEX_TIMED_OUT, FUTEX_WOKEN, spin_hint, work } from './time.js';

type Words = Mem;

function read(m: Words, p: number, f: number): number {
  return m.i32[p + f] as number;
}

function write(m: Words, p: number, f: number, v: number): void {
  if (m.i32[p + f] === v) return;
  m.i32[p + f] = v;
  changed();
}

function writePlain(m: Words, p: number, f: number, v: number): void {
  m.i32[p + f] = v;
}

function exchange(m: Words, p: number, f: number, v: number): number {
  const old = m.i32[p + f] as number;
  m.i32[p + f] = v;
  if (old !== v) changed();
  return old;
}

function compareExchange(m: Words, p: number, f: number, old: number, v: number): number {
  const now = m.i32[p + f] as number;
  if (now === old) {
    m.i32[p + f] = v;
    if (old !== v) changed();
  }
  return now;
}

function add(m: Words, p: number, f: number, n: number): number {
  const old = m.i32[p + f] as number;
  m.i32[p + f] = old + n;
  changed();
  return old;
}

function or(m: Words, p: number, f: number, bits: number): number {
  const old = m.i32[p + f] as number;
  m.i32[p + f] = old | bits;
  if ((old | bits) !== old) changed();
  return old;
}

function and(m: Words, p: number, f: number, bits: number): number {
  const old = m.i32[p + f] as number;
  m.i32[p + f] = old & bits;
  if ((old & bits) !== old) changed();
  return old;
}

export {
  add as fetch_add,
  add as fetch_add_acquire,
  add as fetch_add_relaxed,
  add as fetch_add_release,
  and as fetch_and,
  and as fetch_and_relaxed,
  compareExchange as cmpxchg,
  compareExchange as cmpxchg_acquire,
  compareExchange as cmpxchg_relaxed,
  compareExchange as cmpxchg_release,
  exchange as xchg,
  exchange as xchg_acquire,
  exchange as xchg_relaxed,
  exchange as xchg_release,
  or as fetch_or,
  or as fetch_or_relaxed,
  read as data_race,
  read as load,
  read as rcu_dereference,
  read as READ_ONCE,
  read as smp_load_acquire,
  write as rcu_assign_pointer,
  write as smp_store_mb,
  write as smp_store_release,
  write as WRITE_ONCE,
  writePlain as note,
  writePlain as store,
};

export function memset(m: Words, p: number, value: number, words: number): void {
  m.i32.fill(value, p, p + words);
}

export function ifetch(m: Words, pc: number): number {
  return m.i32[pc] as number;
}

function barrier(): void {}

export {
  barrier as smp_mb,
  barrier as smp_mb__after_atomic,
  barrier as smp_mb__before_atomic,
  barrier as smp_rmb,
  barrier as smp_wmb,
};

export function* futex_wait(
  m: Words,
  p: number,
  f: number,
  expected: number,
  timeout_ms: number,
): Generator<undefined, number, undefined> {
  if (due() && rt.pause()) yield;
  if ((m.i32[p + f] as number) !== expected) return FUTEX_NOT_EQUAL;
  rt.block(p + f, timeout_ms);
  yield;
  return rt.woke();
}

export function futex_wake(_m: Words, p: number, f: number, n: number): number {
  return rt.wake(p + f, n);
}

export function* await_condition(
  m: Words,
  p: number,
  f: number,
  holds: (value: number) => boolean,
): Generator<undefined, number, undefined> {
  if (rt.await(p + f, -1, holds)) yield;
  rt.awaited();
  return m.i32[p + f] as number;
}

export function* await_condition_2(
  m: Words,
  p: number,
  f: number,
  g: number,
  holds: (first: number, second: number) => boolean,
): Generator<undefined, number, undefined> {
  if (rt.await(p + f, p + g, holds)) yield;
  rt.awaited();
  return m.i32[p + f] as number;
}
