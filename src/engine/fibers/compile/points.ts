// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts as the compile step sees them. A scheduling point goes in as the last argument of
 * an operation: before the call it would stand before the evaluation of the arguments, and
 * `WRITE_ONCE(a, READ_ONCE(a) + 1)` could never lose an update.
 */

import { ACCESS } from '../../../schedule/scheduler.js';

/** Where actors may change. */
export type PointKind =
  /** An access: one scheduling point before it. */
  | 'read'
  | 'write'
  | 'update'
  /** No shared word, but others may run: work. */
  | 'turn'
  /** A turn of a waiting loop: the others run first. */
  | 'spin'
  /** A coroutine of the engine: it may block. */
  | 'block';

export const points: Readonly<Record<string, PointKind>> = {
  READ_ONCE: 'read',
  smp_load_acquire: 'read',
  rcu_dereference: 'read',
  WRITE_ONCE: 'write',
  smp_store_release: 'write',
  smp_store_mb: 'write',
  rcu_assign_pointer: 'write',
  xchg: 'update',
  xchg_relaxed: 'update',
  xchg_acquire: 'update',
  xchg_release: 'update',
  cmpxchg: 'update',
  cmpxchg_relaxed: 'update',
  cmpxchg_acquire: 'update',
  cmpxchg_release: 'update',
  fetch_add: 'update',
  fetch_add_relaxed: 'update',
  fetch_add_acquire: 'update',
  fetch_add_release: 'update',
  fetch_or: 'update',
  fetch_or_relaxed: 'update',
  fetch_and: 'update',
  fetch_and_relaxed: 'update',
  futex_wake: 'update',
  work: 'turn',
  /* Numbered by the weak model: others may see the stores before it while it is still to come. */
  smp_mb: 'turn',
  spin_hint: 'spin',
  futex_wait: 'block',
  await_condition: 'block',
  await_condition_2: 'block',
};

/** Plain accesses: told to observers with their site, but no scheduling points: a lock covers them, or a race is reported. */
export const plainAccesses: readonly string[] = ['load', 'store', 'memset', 'data_race'];

/** Operations that are no scheduling points: plain accesses, which a lock covers, barriers, and what nobody else sees. */
export const plain: readonly string[] = [
  'load',
  'store',
  'data_race',
  'note',
  'memset',
  'ifetch',
  'smp_rmb',
  'smp_wmb',
  'smp_mb__before_atomic',
  'smp_mb__after_atomic',
];

/** What a read-modify-write does to its word, so that a search can tell when it would change it. */
export const RMW = { exchange: 0, compareExchange: 1, add: 2, or: 3, and: 4 } as const;

/** By the beginning of the name of the operation; null: it is no read-modify-write. */
export function rmwOf(name: string): number | null {
  if (name.startsWith('xchg')) return RMW.exchange;
  if (name.startsWith('cmpxchg')) return RMW.compareExchange;
  if (name.startsWith('fetch_add')) return RMW.add;
  if (name.startsWith('fetch_or')) return RMW.or;
  return name.startsWith('fetch_and') ? RMW.and : null;
}

/** ACCESS that the scheduling point of an operation announces. */
export const ACCESS_OF: Readonly<Record<PointKind, number>> = {
  read: ACCESS.read,
  write: ACCESS.write,
  update: ACCESS.update,
  turn: ACCESS.none,
  spin: ACCESS.none,
  block: ACCESS.update,
};

/** Arguments of an operation that its scheduling point may be told of: address, field, two values. */
export const ARGUMENTS = 4;
