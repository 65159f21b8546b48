// SPDX-License-Identifier: GPL-2.0-only
/**
 * A mutex on one word: 0 free, 1 held, 2 held and somebody may sleep. The third one of Drepper, "Futexes are tricky",
 * 2011.
 */
import { cmpxchg_acquire, futex_wait, futex_wake, xchg_acquire, xchg_release } from '../mem/heap.js';
import type { Field, Ptr } from '../mem/layout.js';
import type { ModelCpu } from './define.js';

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;

export function lock<S extends string>(k: ModelCpu, s: Ptr<S>, f: Field<S>): void {
  if (cmpxchg_acquire(k, s, f, FREE, HELD) === FREE) return;
  while (xchg_acquire(k, s, f, CONTENDED) !== FREE) {
    futex_wait(k, s, f, CONTENDED, Number.POSITIVE_INFINITY);
  }
}

export function unlock<S extends string>(k: ModelCpu, s: Ptr<S>, f: Field<S>): void {
  if (xchg_release(k, s, f, FREE) === CONTENDED) futex_wake(k, s, f, 1);
}
