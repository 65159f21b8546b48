// SPDX-License-Identifier: GPL-2.0-only
/** Atomic bit operations on a word of flags (include/asm-generic/bitops), and atomic_t. `nr` is a bit number. */
import type { Mem } from './heap.js';
import {
  data_race,
  fetch_add,
  fetch_and,
  fetch_and_relaxed,
  fetch_or,
  fetch_or_relaxed,
  READ_ONCE,
} from './heap.js';
import type { Field, Ptr } from './layout.js';

/** Atomic but unordered, as the kernel's set_bit. */
export function set_bit<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): void {
  fetch_or_relaxed(m, p, f, 1 << nr);
}

export function clear_bit<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): void {
  fetch_and_relaxed(m, p, f, ~(1 << nr));
}

export function test_bit<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): boolean {
  return (READ_ONCE(m, p, f) & (1 << nr)) !== 0;
}

/** A racy look at a bit whose answer is only a hint, on a fast path. */
export function test_bit_racy<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): boolean {
  return (data_race(m, p, f) & (1 << nr)) !== 0;
}

/** Fully ordered; returns the old bit. */
export function test_and_set_bit<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): boolean {
  return (fetch_or(m, p, f, 1 << nr) & (1 << nr)) !== 0;
}

/** Fully ordered when it clears; returns the old bit. */
export function test_and_clear_bit<S extends string>(m: Mem, nr: number, p: Ptr<S>, f: Field<S>): boolean {
  return (fetch_and(m, p, f, ~(1 << nr)) & (1 << nr)) !== 0;
}

export function atomic_inc<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>): void {
  fetch_add(m, p, f, 1);
}

export function atomic_dec<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>): void {
  fetch_add(m, p, f, -1);
}

/** Fully ordered; returns the new value. */
export function atomic_add_return<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>, n: number): number {
  return fetch_add(m, p, f, n) + n;
}

/** Fully ordered; true when the counter became zero. */
export function atomic_dec_and_test<S extends string>(m: Mem, p: Ptr<S>, f: Field<S>): boolean {
  return fetch_add(m, p, f, -1) === 1;
}
