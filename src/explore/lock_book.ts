// SPDX-License-Identifier: GPL-2.0-only
/** Where the locks of an execution are written down for lockdep. */
import type { Lockdep } from '../oracle/lockdep.js';
import type { LockTracker } from '../trace/lock_tracker.js';

export interface Book {
  lockdep: Lockdep;
  /** Nobody keeps book of locks otherwise. */
  isOpen: boolean;
}

/** The tracker of an actor changes with each batch; the machine keeps this one. */
export function forward(book: Book, actor: number): LockTracker {
  const of = () => book.lockdep.tracker(actor);
  return {
    on: false,
    contended: (lock, cls, mode, ip) => {
      if (book.isOpen) of().contended(lock, cls, mode, ip);
    },
    acquired: (lock, cls, mode, ip, waited) => {
      if (book.isOpen) of().acquired(lock, cls, mode, ip, waited);
    },
    release: (lock, cls) => !book.isOpen || of().release(lock, cls),
    sleepsAtomic: (what, ip, count) => !book.isOpen || of().sleepsAtomic(what, ip, count),
  };
}
