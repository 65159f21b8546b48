// SPDX-License-Identifier: GPL-2.0-only
/** What can be set of the view machine. */

/** Between two stores that follow each other in coherence order, so that others fit between. */
export const GAP = 1 << 10;

export interface ViewOptions {
  /** Most words with a history at once; when they are used up all actors see all, as after a barrier of each. */
  readonly words?: number;
  /** Most messages of a word, a power of two; older ones cannot be read any more. */
  readonly depth?: number;
  /** Stale reads of one word by one actor before it is forced to the newest value. */
  readonly patience?: number;
  /** Stores may also take a place before newer ones in coherence order: finds 2+2W and S, asks more often. */
  readonly reorderStores?: boolean;
  /** A cmpxchg may fail because of a stale value. */
  readonly staleFailures?: boolean;
  /** A stale message that was read is rather read again than not. */
  readonly persists?: boolean;
  /** Boards of `Synchronisation`. */
  readonly boards?: number;
}
