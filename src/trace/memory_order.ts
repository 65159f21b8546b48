// SPDX-License-Identifier: GPL-2.0-only
/** What an access or a barrier asks for, with LKMM's meaning: the words that engines and checkers of memory share. */

export const ORDER = {
  /** A plain C access. */
  plain: 0,
  /** READ_ONCE, WRITE_ONCE, the _relaxed forms of read-modify-writes. */
  once: 1,
  acquire: 2,
  release: 3,
  /** A read-modify-write without suffix: smp_mb before and after, if it changes the word. */
  full: 4,
  /** rcu_dereference: accesses through the pointer come after it (address dependency). */
  dereference: 5,
  /** A read-modify-write that takes a spinlock: an acquire, plus what LKMM says of unlock followed by lock. */
  lock: 6,
  /** A store that gives a spinlock back: a release, plus the same. */
  unlock: 7,
} as const;

export const FENCE = {
  mb: 0,
  rmb: 1,
  wmb: 2,
  before_atomic: 3,
  after_atomic: 4,
  after_spinlock: 5,
  after_unlock_lock: 6,
} as const;
