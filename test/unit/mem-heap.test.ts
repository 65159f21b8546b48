// SPDX-License-Identifier: GPL-2.0-only
/** What each operation of the seam does to its word, and returns. Order is not visible here: these are Atomics. */
import { describe, expect, it } from 'vitest';
import {
  cmpxchg,
  cmpxchg_acquire,
  cmpxchg_relaxed,
  cmpxchg_release,
  data_race,
  fetch_add,
  fetch_add_acquire,
  fetch_add_relaxed,
  fetch_add_release,
  fetch_and,
  fetch_and_relaxed,
  fetch_or,
  fetch_or_relaxed,
  ifetch,
  load,
  type Mem,
  READ_ONCE,
  rcu_assign_pointer,
  rcu_dereference,
  smp_load_acquire,
  smp_store_mb,
  smp_store_release,
  store,
  WRITE_ONCE,
  xchg,
  xchg_acquire,
  xchg_relaxed,
  xchg_release,
} from '#src/mem/heap.js';
import { i32, type Ptr, struct } from '#src/mem/layout.js';

const words = struct('words', { a: i32, b: i32 });
const p = 4 as Ptr<'words'>;

function holding(value: number): Mem {
  const m: Mem = { i32: new Int32Array(p + words.$words) };
  WRITE_ONCE(m, p, words.b, value);
  return m;
}

const now = (m: Mem) => READ_ONCE(m, p, words.b);

describe('loads', () => {
  it.each(
    Object.entries({ READ_ONCE, smp_load_acquire, rcu_dereference, load, data_race }),
  )('%s', (_, op) => {
    expect(op(holding(-7), p, words.b)).toBe(-7);
    expect(op(holding(-7), p, words.a)).toBe(0);
  });

  it('ifetch takes an address', () => {
    expect(ifetch(holding(9), p + words.b)).toBe(9);
  });
});

describe('stores', () => {
  it.each(
    Object.entries({ WRITE_ONCE, smp_store_release, smp_store_mb, rcu_assign_pointer, store }),
  )('%s', (_, op) => {
    const m = holding(1);
    op(m, p, words.b, 8);
    expect(now(m)).toBe(8);
    expect(READ_ONCE(m, p, words.a)).toBe(0);
  });
});

describe('read-modify-write returns the value found', () => {
  it.each(Object.entries({ xchg, xchg_relaxed, xchg_acquire, xchg_release }))('%s', (_, op) => {
    const m = holding(3);
    expect(op(m, p, words.b, 4)).toBe(3);
    expect(now(m)).toBe(4);
  });

  it.each(Object.entries({ cmpxchg, cmpxchg_relaxed, cmpxchg_acquire, cmpxchg_release }))('%s', (_, op) => {
    const m = holding(3);
    expect(op(m, p, words.b, 5, 4)).toBe(3);
    expect(now(m)).toBe(3);
    expect(op(m, p, words.b, 3, 4)).toBe(3);
    expect(now(m)).toBe(4);
  });

  it.each(
    Object.entries({ fetch_add, fetch_add_relaxed, fetch_add_acquire, fetch_add_release }),
  )('%s', (_, op) => {
    const m = holding(3);
    expect(op(m, p, words.b, -5)).toBe(3);
    expect(now(m)).toBe(-2);
  });

  it.each(Object.entries({ fetch_or, fetch_or_relaxed }))('%s', (_, op) => {
    const m = holding(0b0101);
    expect(op(m, p, words.b, 0b0011)).toBe(0b0101);
    expect(now(m)).toBe(0b0111);
  });

  it.each(Object.entries({ fetch_and, fetch_and_relaxed }))('%s', (_, op) => {
    const m = holding(0b0101);
    expect(op(m, p, words.b, 0b0011)).toBe(0b0101);
    expect(now(m)).toBe(0b0001);
  });
});
