// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts for threads that take turns: the same atomics on shared memory. Only what would
 * let the host decide (how long work takes, who sleeps until when) follows the record instead.
 */
import * as heap from '../../mem/heap.js';
import { UNMAPPED_WORDS } from '../../mem/layout.js';
import { pageFault } from '../page_fault.js';
import { $pause, $S, token } from './token_actor.js';

export * from '../../mem/heap.js';
export { $at, $pause, $S, $spin } from './token_actor.js';

type Operation = (m: heap.Mem, p: never, f: never, v: never, w: never) => unknown;

/** With the page fault of an access to a word that there is not, which is an Oops on either engine. */
function mapped<O extends Operation>(operation: O): O {
  const checked: Operation = (m, p, f, v, w) => {
    const addr = p + f;
    if (!(addr >= UNMAPPED_WORDS && addr < m.i32.length)) pageFault(addr);
    return operation(m, p, f, v, w);
  };
  return checked as O;
}

export const READ_ONCE: typeof heap.READ_ONCE = mapped(heap.READ_ONCE);
export const WRITE_ONCE: typeof heap.WRITE_ONCE = mapped(heap.WRITE_ONCE);
export const smp_load_acquire: typeof heap.smp_load_acquire = mapped(heap.smp_load_acquire);
export const smp_store_release: typeof heap.smp_store_release = mapped(heap.smp_store_release);
export const smp_store_mb: typeof heap.smp_store_mb = mapped(heap.smp_store_mb);
export const rcu_dereference: typeof heap.rcu_dereference = mapped(heap.rcu_dereference);
export const rcu_assign_pointer: typeof heap.rcu_assign_pointer = mapped(heap.rcu_assign_pointer);
export const load: typeof heap.load = mapped(heap.load);
export const store: typeof heap.store = mapped(heap.store);
export const data_race: typeof heap.data_race = mapped(heap.data_race);
export const xchg: typeof heap.xchg = mapped(heap.xchg);
export const xchg_relaxed: typeof heap.xchg_relaxed = mapped(heap.xchg_relaxed);
export const xchg_acquire: typeof heap.xchg_acquire = mapped(heap.xchg_acquire);
export const xchg_release: typeof heap.xchg_release = mapped(heap.xchg_release);
export const cmpxchg: typeof heap.cmpxchg = mapped(heap.cmpxchg);
export const cmpxchg_relaxed: typeof heap.cmpxchg_relaxed = mapped(heap.cmpxchg_relaxed);
export const cmpxchg_acquire: typeof heap.cmpxchg_acquire = mapped(heap.cmpxchg_acquire);
export const cmpxchg_release: typeof heap.cmpxchg_release = mapped(heap.cmpxchg_release);
export const fetch_add: typeof heap.fetch_add = mapped(heap.fetch_add);
export const fetch_add_relaxed: typeof heap.fetch_add_relaxed = mapped(heap.fetch_add_relaxed);
export const fetch_add_acquire: typeof heap.fetch_add_acquire = mapped(heap.fetch_add_acquire);
export const fetch_add_release: typeof heap.fetch_add_release = mapped(heap.fetch_add_release);
export const fetch_or: typeof heap.fetch_or = mapped(heap.fetch_or);
export const fetch_or_relaxed: typeof heap.fetch_or_relaxed = mapped(heap.fetch_or_relaxed);
export const fetch_and: typeof heap.fetch_and = mapped(heap.fetch_and);
export const fetch_and_relaxed: typeof heap.fetch_and_relaxed = mapped(heap.fetch_and_relaxed);

/** The work itself is nothing: what matters is that others may run. */
export function work(): number {
  return 0;
}

export function spin_hint(): boolean {
  return true;
}

export function futex_wait(
  m: heap.Mem,
  p: number,
  f: number,
  expected: number,
  timeout_ms: number,
  site: number,
): number {
  const left = ($S[0] as number) - 1;
  $S[0] = left;
  if (left < 0) $pause(site);
  if (READ_ONCE(m, p as never, f as never) !== expected) return heap.FUTEX_NOT_EQUAL;
  return token.sleep(p + f, timeout_ms, site);
}

export function futex_wake(_m: heap.Mem, p: number, f: number, n: number): number {
  return token.state.wake(p + f, n);
}
