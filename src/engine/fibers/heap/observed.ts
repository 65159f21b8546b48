// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts for coroutines that are watched: each access goes through the memory model, if
 * there is one, and is told to the observer. The site of the access is set by its scheduling point, or given.
 */
import type { Mem } from '../../../mem/heap.js';
import { UNMAPPED_WORDS } from '../../../mem/layout.js';
import { ACCESS } from '../../../schedule/scheduler.js';
import { pageFault } from '../../page_fault.js';
import { RMW } from '../compile/points.js';
import { $at } from '../marks.js';
import { FENCE, ORDER } from '../memory_model.js';
import { changed, rt } from '../runtime.js';

import { FUTEX_NOT_EQUAL } from './time.js';

export { $at, $endless, $pass, $passRmw, $pause, $rmw, $spin } from '../marks.js';
export { $S } from '../runtime.js';
export { FUTEX_NOT_EQUAL, FUTEX_TIMED_OUT, FUTEX_WOKEN, spin_hint, work } from './time.js';

/** False also for what is no number: a word that was read beyond the heap. */
function isMapped(m: Mem, addr: number): boolean {
  return addr >= UNMAPPED_WORDS && addr < m.i32.length;
}

/** The order that an operation is made with, where a barrier is left out, or LKMM knows more than was asked for. */
function ordered(asked: number, site: number): number {
  const { drops, orders } = rt;
  if (drops !== null) {
    rt.hint(drops.hintOfSite(site));
    if (drops.weakens(site, rt.direction)) return ORDER.once;
  }
  const own = orders === null ? 0 : (orders[site] as number);
  return own === 0 ? asked : own;
}

function read(m: Mem, addr: number, asked: number, site: number): number {
  if (!isMapped(m, addr)) pageFault(addr);
  if (rt.buffered) rt.drain();
  const order = asked > ORDER.once ? ordered(asked, site) : asked;
  const v = rt.model === null ? (m.i32[addr] as number) : rt.model.load(rt.current, addr, order);
  if (rt.observer !== null) rt.observer.access(rt.current, ACCESS.read, order, addr, v, v, site);
  return v;
}

function write(m: Mem, addr: number, v: number, asked: number, site: number): void {
  if (!isMapped(m, addr)) pageFault(addr);
  if (rt.buffered) rt.drain();
  const order = asked > ORDER.once ? ordered(asked, site) : asked;
  const old = m.i32[addr] as number;
  if (rt.model === null) m.i32[addr] = v;
  else rt.model.store(rt.current, addr, v, order);
  if (old !== v && order !== ORDER.plain) changed();
  if (rt.observer !== null) rt.observer.access(rt.current, ACCESS.write, order, addr, old, v, site);
}

/** A read-modify-write (RMW). A cmpxchg that finds another value than `value` writes nothing. */
function update(m: Mem, addr: number, rmw: number, value: number, other: number, asked: number): number {
  if (!isMapped(m, addr)) pageFault(addr);
  const { model } = rt;
  const order = asked > ORDER.once ? ordered(asked, here()) : asked;
  const old =
    model === null
      ? (m.i32[addr] as number)
      : model.rmw(
          rt.current,
          addr,
          (now) => (isWritten(rmw, now, value) ? outcome(rmw, now, value, other) : null),
          order,
        );
  const writes = isWritten(rmw, old, value);
  const v = writes ? outcome(rmw, old, value, other) : old;
  if (model === null) m.i32[addr] = v;
  if (v !== old) changed();
  else rt.ran.access = ACCESS.read;
  if (rt.observer !== null) {
    const access = writes ? ACCESS.update : ACCESS.read;
    rt.observer.access(rt.current, access, writes ? order : ORDER.once, addr, old, v, here());
  }
  return old;
}

function isWritten(rmw: number, now: number, value: number): boolean {
  return rmw !== RMW.compareExchange || now === value;
}

function outcome(rmw: number, old: number, value: number, other: number): number {
  switch (rmw) {
    case RMW.exchange:
      return value | 0;
    case RMW.compareExchange:
      return other | 0;
    case RMW.add:
      return (old + value) | 0;
    case RMW.or:
      return old | value;
    default:
      return old & value;
  }
}

function here(): number {
  return rt.site[rt.current] as number;
}

function fence(kind: number, id: number): void {
  const { drops } = rt;
  if (drops !== null) {
    rt.hint(drops.hintOfCall(id));
    if (drops.leavesOut(id, rt.direction)) return;
  }
  rt.model?.fence(rt.current, kind);
  rt.observer?.fence(rt.current, kind, id);
}

export function READ_ONCE(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.once, here());
}
export function WRITE_ONCE(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.once, here());
}
export function smp_load_acquire(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.acquire, here());
}
export function smp_store_release(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.release, here());
}
export function smp_store_mb(m: Mem, p: number, f: number, v: number): void {
  const site = here();
  write(m, p + f, v, ORDER.once, site);
  if (rt.drops === null || ordered(ORDER.full, site) === ORDER.full) fence(FENCE.mb, -1);
}
export function rcu_dereference(m: Mem, p: number, f: number): number {
  return read(m, p + f, ORDER.dereference, here());
}
export function rcu_assign_pointer(m: Mem, p: number, f: number, v: number): void {
  write(m, p + f, v, ORDER.release, here());
}
export function load(m: Mem, p: number, f: number, site: number): number {
  return read(m, p + f, ORDER.plain, site);
}
export function store(m: Mem, p: number, f: number, v: number, site: number): void {
  write(m, p + f, v, ORDER.plain, site);
}
/** No access to an observer: the race is intended. Under a memory model it may be told where it stands. */
export function data_race(m: Mem, p: number, f: number, site: number): number {
  if (!isMapped(m, p + f)) pageFault(p + f);
  if (rt.model === null) return m.i32[p + f] as number;
  const v = rt.model.load(rt.current, p + f, ORDER.once);
  rt.observer?.racy?.(rt.current, p + f, site);
  return v;
}
export function note(m: Mem, p: number, f: number, v: number): void {
  m.i32[p + f] = v;
}
export function memset(m: Mem, p: number, value: number, words: number, site: number): void {
  for (let i = 0; i < words; i++) write(m, p + i, value, ORDER.plain, site);
}
/** Text is written by text_poke, which waits for every CPU to take note. */
export function ifetch(m: Mem, pc: number): number {
  return m.i32[pc] as number;
}

export function smp_mb(_m: Mem, id: number): void {
  fence(FENCE.mb, id);
}
export function smp_rmb(_m: Mem, id: number): void {
  fence(FENCE.rmb, id);
}
export function smp_wmb(_m: Mem, id: number): void {
  fence(FENCE.wmb, id);
}
export function smp_mb__before_atomic(_m: Mem, id: number): void {
  fence(FENCE.before_atomic, id);
}
export function smp_mb__after_atomic(_m: Mem, id: number): void {
  fence(FENCE.after_atomic, id);
}

type Exchange = (m: Mem, p: number, f: number, v: number) => number;
type CompareExchange = (m: Mem, p: number, f: number, old: number, v: number) => number;

const two =
  (rmw: number, order: number): Exchange =>
  (m, p, f, v) =>
    update(m, p + f, rmw, v, 0, order);
const compareExchange =
  (order: number): CompareExchange =>
  (m, p, f, old, v) =>
    update(m, p + f, RMW.compareExchange, old, v, order);

export const xchg: Exchange = two(RMW.exchange, ORDER.full);
export const xchg_relaxed: Exchange = two(RMW.exchange, ORDER.once);
export const xchg_acquire: Exchange = two(RMW.exchange, ORDER.acquire);
export const xchg_release: Exchange = two(RMW.exchange, ORDER.release);
export const cmpxchg: CompareExchange = compareExchange(ORDER.full);
export const cmpxchg_relaxed: CompareExchange = compareExchange(ORDER.once);
export const cmpxchg_acquire: CompareExchange = compareExchange(ORDER.acquire);
export const cmpxchg_release: CompareExchange = compareExchange(ORDER.release);
export const fetch_add: Exchange = two(RMW.add, ORDER.full);
export const fetch_add_relaxed: Exchange = two(RMW.add, ORDER.once);
export const fetch_add_acquire: Exchange = two(RMW.add, ORDER.acquire);
export const fetch_add_release: Exchange = two(RMW.add, ORDER.release);
export const fetch_or: Exchange = two(RMW.or, ORDER.full);
export const fetch_or_relaxed: Exchange = two(RMW.or, ORDER.once);
export const fetch_and: Exchange = two(RMW.and, ORDER.full);
export const fetch_and_relaxed: Exchange = two(RMW.and, ORDER.once);

/** The kernel's futex is a full barrier on both sides: it takes the lock of the word's hash bucket. */
export function* futex_wait(
  m: Mem,
  p: number,
  f: number,
  expected: number,
  timeout_ms: number,
  site: number,
): Generator<undefined, number, undefined> {
  const me = rt.current;
  if ($at(ACCESS.update, p + f, site)) yield;
  const now = update(m, p + f, RMW.compareExchange, expected, expected, ORDER.full);
  /* It looks at the word and changes its queue of sleepers in one step, so it counts as an update in any case. */
  rt.ran.access = ACCESS.update;
  if (now !== expected) return FUTEX_NOT_EQUAL;
  /* It changes the queue of those who sleep on the word. */
  rt.ran.access = ACCESS.update;
  rt.observer?.futex(me, 0, p + f, site);
  rt.block(p + f, timeout_ms);
  yield;
  rt.model?.fence(me, FENCE.mb);
  rt.observer?.futex(me, 1, p + f, site);
  return rt.woke();
}

export function futex_wake(_m: Mem, p: number, f: number, n: number): number {
  rt.model?.fence(rt.current, FENCE.mb);
  rt.observer?.futex(rt.current, 2, p + f, here());
  return rt.wake(p + f, n);
}

/** An acquire. A memory model may let it read values for which the condition does not hold; then it waits on. */
export function* await_condition(
  m: Mem,
  p: number,
  f: number,
  holds: (value: number) => boolean,
  site: number,
): Generator<undefined, number, undefined> {
  for (;;) {
    rt.site[rt.current] = site;
    if (rt.await(p + f, -1, holds)) yield;
    rt.awaited();
    const value = read(m, p + f, ORDER.acquire, site);
    if (holds(value)) return value;
  }
}

export function* await_condition_2(
  m: Mem,
  p: number,
  f: number,
  g: number,
  holds: (first: number, second: number) => boolean,
  site: number,
): Generator<undefined, number, undefined> {
  for (;;) {
    rt.site[rt.current] = site;
    if (rt.await(p + f, p + g, holds)) yield;
    rt.awaited();
    const first = read(m, p + f, ORDER.acquire, site);
    if (holds(first, read(m, p + g, ORDER.acquire, site))) return first;
  }
}
