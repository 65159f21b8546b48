// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the locks tell whoever keeps book of them, one object per actor: the statistics (LockStat), or the checker of
 * lock order. Calls come from the actor itself and in the order in which it acts.
 */

/** How a lock is taken: bits of `mode`. The lowest is the index of lock_stat's tables (LS_WRITE, LS_READ). */
export const LOCK_WRITE = 0;
export const LOCK_READ = 1;
/** Only tried for: who does not get it goes on, so this acquisition closes no cycle. */
export const LOCK_TRY = 2;
/** A second lock of the same class, in an order that the caller guarantees (SINGLE_DEPTH_NESTING). */
export const LOCK_NESTED = 4;
/** A reader that no waiting writer holds up, so it may come again while it is inside. */
export const LOCK_RECURSIVE = 8;

/** `lock` is its address, `cls` its LOCK_CLASS, `ip` the place that takes it (ip_names). */
export interface LockTracker {
  /** Are statistics kept? Then locks note who has them also where that costs a bounce. */
  readonly on: boolean;
  /** Found taken: the wait begins. `holderIp`: where the holder took it, 0 if not known. */
  contended(lock: number, cls: number, mode: number, ip: number, holderIp: number, bounced: boolean): void;
  /** Taken. `waited`: contended was called before. `bounced`: the last holder was another actor. */
  acquired(lock: number, cls: number, mode: number, ip: number, waited: boolean, bounced: boolean): void;
  /** Called while it is still held. False: this actor does not hold it, and nobody has made a note of that. */
  release(lock: number, cls: number): boolean;
  /**
   * The actor is about to sleep in `what`, called from `ip`, with preemption off `preemptCount` times. False: nobody
   * has made a note of that.
   */
  sleepsAtomic(what: string, ip: number, preemptCount: number): boolean;
}
