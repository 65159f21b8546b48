// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lock statistics (CONFIG_LOCK_STAT): what lockdep's hooks count, per actor, class and mode, in shared memory that
 * the host reads at any time. Times in ns. One writer per block, so plain stores do.
 */
import { LOCK_READ, LOCK_WRITE, type LockTracker } from './lock_tracker.js';

/** Words (64-bit floats) of one class in one mode. */
export const LS = {
  acquisitions: 0,
  acq_bounces: 1,
  contentions: 2,
  con_bounces: 3,
  wait_min: 4,
  wait_max: 5,
  wait_total: 6,
  hold_min: 7,
  hold_max: 8,
  hold_total: 9,
  /** Four places that waited: ip, count, ... */
  contention_points: 10,
  /** Four places that held the lock meanwhile: ip, count, ... */
  contending_points: 18,
} as const;
export const LS_WORDS = 26;
export const LS_POINTS = 4;
export const LS_WRITE = LOCK_WRITE;
export const LS_READ = LOCK_READ;

/** Shared words (32-bit, one per lock class instance slot) that remember who had a lock last. */
export interface LockStatBuffer {
  readonly stats: SharedArrayBuffer;
  readonly nrActors: number;
  readonly nrClasses: number;
}

export function createLockStatBuffer(nrActors: number, nrClasses: number): LockStatBuffer {
  return {
    stats: new SharedArrayBuffer(nrActors * nrClasses * 2 * LS_WORDS * 8),
    nrActors,
    nrClasses,
  };
}

export function lockStatOffset(nrClasses: number, actor: number, cls: number, mode: number): number {
  return ((actor * nrClasses + cls) * 2 + mode) * LS_WORDS;
}

/** One actor's end. `now` gives ns. With `on` false the hooks only keep the held stack. */
export class LockStat implements LockTracker {
  private readonly f64: Float64Array;
  readonly heldLock: number[] = [];
  readonly heldClass: number[] = [];
  readonly heldMode: number[] = [];
  readonly heldSince: number[] = [];
  readonly heldIp: number[] = [];
  depth = 0;
  /** Waits nest: the slow path of one lock takes the spinlock of its queue, and may wait for that too. */
  private readonly waitSince: number[] = [];
  private waits = 0;

  constructor(
    private readonly buffer: LockStatBuffer,
    private readonly actor: number,
    private readonly now: () => number,
    readonly on: boolean,
  ) {
    this.f64 = new Float64Array(buffer.stats);
    for (let i = 0; i < 64; i++) {
      this.heldLock.push(0);
      this.heldClass.push(0);
      this.heldMode.push(0);
      this.heldSince.push(0);
      this.heldIp.push(0);
    }
  }

  /** Found taken: the wait begins. `holderIp` is where the holder took it, 0 if not known. */
  contended(_lock: number, cls: number, mode: number, ip: number, holderIp: number, bounced: boolean): void {
    if (!this.on) return;
    const at = lockStatOffset(this.buffer.nrClasses, this.actor, cls, mode & LOCK_READ);
    const s = this.f64;
    s[at + LS.contentions] = (s[at + LS.contentions] as number) + 1;
    if (bounced) s[at + LS.con_bounces] = (s[at + LS.con_bounces] as number) + 1;
    this.point(at + LS.contention_points, ip);
    if (holderIp !== 0) this.point(at + LS.contending_points, holderIp);
    this.waitSince[this.waits++] = this.now();
  }

  private point(at: number, ip: number): void {
    const s = this.f64;
    for (let i = 0; i < LS_POINTS; i++) {
      const slot = at + 2 * i;
      if (s[slot + 1] === 0) s[slot] = ip;
      if (s[slot] === ip) {
        s[slot + 1] = (s[slot + 1] as number) + 1;
        return;
      }
    }
  }

  /** Taken; after `contended` it also ends the wait. With `on` false it is two stores, small enough to be inlined. */
  acquired(lock: number, cls: number, mode: number, ip: number, waited: boolean, bounced: boolean): void {
    const d = this.depth++;
    this.heldLock[d] = lock;
    if (this.on) this.countAcquired(d, cls, mode & LOCK_READ, ip, waited, bounced);
  }

  private countAcquired(
    d: number,
    cls: number,
    mode: number,
    ip: number,
    waited: boolean,
    bounced: boolean,
  ): void {
    const now = this.now();
    this.heldClass[d] = cls;
    this.heldMode[d] = mode;
    this.heldSince[d] = now;
    this.heldIp[d] = ip;
    const at = lockStatOffset(this.buffer.nrClasses, this.actor, cls, mode);
    const s = this.f64;
    s[at + LS.acquisitions] = (s[at + LS.acquisitions] as number) + 1;
    if (bounced) s[at + LS.acq_bounces] = (s[at + LS.acq_bounces] as number) + 1;
    if (waited) this.span(at + LS.wait_min, now - (this.waitSince[--this.waits] as number));
  }

  /** Given back. False: it was not held, a bug of the caller. */
  release(lock: number): boolean {
    const top = this.depth - 1;
    if (this.heldLock[top] !== lock) return this.releaseBelow(lock);
    if (this.on) this.countReleased(top);
    this.depth = top;
    return true;
  }

  /** Not the lock taken last: the others move down. */
  private releaseBelow(lock: number): boolean {
    let d = this.depth - 2;
    while (d >= 0 && this.heldLock[d] !== lock) d--;
    if (d < 0) return false;
    if (this.on) this.countReleased(d);
    for (; d < this.depth - 1; d++) {
      this.heldLock[d] = this.heldLock[d + 1] as number;
      this.heldClass[d] = this.heldClass[d + 1] as number;
      this.heldMode[d] = this.heldMode[d + 1] as number;
      this.heldSince[d] = this.heldSince[d + 1] as number;
      this.heldIp[d] = this.heldIp[d + 1] as number;
    }
    this.depth--;
    return true;
  }

  /** Statistics have no opinion. */
  sleepsAtomic(): boolean {
    return false;
  }

  private countReleased(d: number): void {
    const at = lockStatOffset(
      this.buffer.nrClasses,
      this.actor,
      this.heldClass[d] as number,
      this.heldMode[d] as number,
    );
    this.span(at + LS.hold_min, this.now() - (this.heldSince[d] as number));
  }

  /** min, max, total stand side by side; min 0 means none yet, and a span of 0 ns counts as 1. */
  private span(at: number, ns: number): void {
    const s = this.f64;
    const v = ns > 0 ? ns : 1;
    const min = s[at] as number;
    if (min === 0 || v < min) s[at] = v;
    if (v > (s[at + 1] as number)) s[at + 1] = v;
    s[at + 2] = (s[at + 2] as number) + v;
  }
}
