// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts for coroutines under a memory model with nobody who watches: what observed.ts does
 * without its observer, its places and barriers that are left out. The scheduling point stands in the arguments.
 */
import type { Mem } from '../../../mem/heap.js';
import { FENCE, ORDER } from '../memory_model.js';
import { changed, due, rt } from '../runtime.js';

import { FUTEX_NOT_EQUAL } from './time.js';

export { $endless, $pause, $spin } from '../marks.js';
export { $S } from '../runtime.js';
export { FUTEX_NOT_EQUAL, FUTEX_TIMED_OUT, FUTEX_WOKEN, spin_hint, work } from './time.js';

function read(m: Mem, addr: number, order: number): number {
  if (rt.buffered) rt.drain();
  return rt.model === null ? (m.i32[addr] as number) : rt.model.load(rt.current, addr, order);
}

/** A marked store. */
function write(m: Mem, addr: number, v: number, order: number): void {
  if (rt.buffered) rt.drain();
  const old = m.i32[addr];
  if (rt.model === null) m.i32[addr] = v;
  else rt.model.store(rt.current, addr, v, order);
  if (old !== v) changed();
}

function writePlain(m: Mem, addr: number, v: number): void {
  if (rt.buffered) rt.drain();
  if (rt.model === null) m.i32[addr] = v;
  else rt.model.store(rt.current, addr, v, ORDER.plain);
}

/* What the update of the present read-modify-write is made with. */
let operand = 0;
let expected = 0;

type Update = (now: number) => number | null;

const exchanged: Update = () => operand;
const swapped: Update = (now) => (now === expected ? operand : null);
const added: Update = (now) => (now + operand) | 0;
const ored: Update = (now) => now | operand;
const anded: Update = (now) => now & operand;

/** `operand`, and `expected` of a cmpxchg, are set. */
function update(m: Mem, addr: number, by: Update, order: number): number {
  const { model } = rt;
  let old: number;
  if (model !== null) old = model.rmw(rt.current, addr, by, order);
  else {
    old = m.i32[addr] as number;
    const v = by(old);
    if (v !== null) m.i32[addr] = v;
  }
  const v = by(old);
  if (v !== null && v !== old) changed();
  return old;
}

function fence(kind: number): void {
  rt.model?.fence(rt.current, kind);
}

export function READ_ONCE(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.once);
}
export function WRITE_ONCE(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.once);
}
export function smp_load_acquire(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.acquire);
}
export function smp_store_release(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.release);
}
export function smp_store_mb(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.once);
  fence(FENCE.mb);
}
export function rcu_dereference(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.dereference);
}
export function rcu_assign_pointer(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.release);
}
export function load(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.plain);
}
export function store(m: Mem, p: number, f: number, v: number): void {
  writePlain(m, p + f, v);
}
export function data_race(m: Mem, p: number, f: number): number {
  return rt.model === null ? (m.i32[p + f] as number) : rt.model.load(rt.current, p + f, ORDER.once);
}
export function note(m: Mem, p: number, f: number, v: number): void {
  m.i32[p + f] = v;
}
export function memset(m: Mem, p: number, value: number, words: number): void {
  for (let i = 0; i < words; i++) writePlain(m, p + i, value);
}
/** Text is written by text_poke, which waits for every CPU to take note. */
export function ifetch(m: Mem, pc: number): number {
  return m.i32[pc] as number;
}

export function smp_mb(): void {
  fence(FENCE.mb);
}
export function smp_rmb(): void {
  fence(FENCE.rmb);
}
export function smp_wmb(): void {
  fence(FENCE.wmb);
}
export function smp_mb__before_atomic(): void {
  fence(FENCE.before_atomic);
}
export function smp_mb__after_atomic(): void {
  fence(FENCE.after_atomic);
}

type Exchange = (m: Mem, p: number, f: number, v: number) => number;
type CompareExchange = (m: Mem, p: number, f: number, old: number, v: number) => number;

const two =
  (by: Update, order: number): Exchange =>
  (m, p, f, v) => {
    operand = v | 0;
    return update(m, p + f, by, order);
  };
const compareExchange =
  (order: number): CompareExchange =>
  (m, p, f, old, v) => {
    expected = old;
    operand = v | 0;
    return update(m, p + f, swapped, order);
  };

export const xchg: Exchange = two(exchanged, ORDER.full);
export const xchg_relaxed: Exchange = two(exchanged, ORDER.once);
export const xchg_acquire: Exchange = two(exchanged, ORDER.acquire);
export const xchg_release: Exchange = two(exchanged, ORDER.release);
export const cmpxchg: CompareExchange = compareExchange(ORDER.full);
export const cmpxchg_relaxed: CompareExchange = compareExchange(ORDER.once);
export const cmpxchg_acquire: CompareExchange = compareExchange(ORDER.acquire);
export const cmpxchg_release: CompareExchange = compareExchange(ORDER.release);
export const fetch_add: Exchange = two(added, ORDER.full);
export const fetch_add_relaxed: Exchange = two(added, ORDER.once);
export const fetch_add_acquire: Exchange = two(added, ORDER.acquire);
export const fetch_add_release: Exchange = two(added, ORDER.release);
export const fetch_or: Exchange = two(ored, ORDER.full);
export const fetch_or_relaxed: Exchange = two(ored, ORDER.once);
export const fetch_and: Exchange = two(anded, ORDER.full);
export const fetch_and_relaxed: Exchange = two(anded, ORDER.once);

/** What the compile step puts where a spinlock is taken, resp. given back: LKMM knows more of these. */
export const $lock: CompareExchange = compareExchange(ORDER.lock);
export function $unlock(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, rt.orders === null ? ORDER.release : ORDER.unlock);
}

/** The kernel's futex is a full barrier on both sides: it takes the lock of the word's hash bucket. */
export function* futex_wait(
  m: Mem,
  p: number,
  f: number,
  expected_value: number,
  timeout_ms: number,
): Generator<undefined, number, undefined> {
  const me = rt.current;
  if (due() && rt.pause()) yield;
  if (cmpxchg(m, p, f, expected_value, expected_value) !== expected_value) return FUTEX_NOT_EQUAL;
  rt.block(p + f, timeout_ms);
  yield;
  rt.model?.fence(me, FENCE.mb);
  return rt.woke();
}

export function futex_wake(_m: Mem, p: number, f: number, n: number): number {
  fence(FENCE.mb);
  return rt.wake(p + f, n);
}

/** An acquire. A memory model may let it read values for which the condition does not hold; then it waits on. */
export function* await_condition(
  m: Mem,
  p: number,
  f: number,
  holds: (value: number) => boolean,
): Generator<undefined, number, undefined> {
  for (;;) {
    if (rt.await(p + f, -1, holds)) yield;
    rt.awaited();
    const value = read(m, p + f, ORDER.acquire);
    if (holds(value)) return value;
  }
}

export function* await_condition_2(
  m: Mem,
  p: number,
  f: number,
  g: number,
  holds: (first: number, second: number) => boolean,
): Generator<undefined, number, undefined> {
  for (;;) {
    if (rt.await(p + f, p + g, holds)) yield;
    rt.awaited();
    const first = read(m, p + f, ORDER.acquire);
    if (holds(first, read(m, p + g, ORDER.acquire))) return first;
  }
}
