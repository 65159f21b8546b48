// SPDX-License-Identifier: GPL-2.0-only
/**
 * Who accessed which word last, and how: the shadow of the heap that data races are found in. One history per kind of
 * access, an epoch as long as each access comes after the one before, all actors' when they do not (FastTrack).
 */
import { MAX_ACTORS, type VectorClocks } from './vector_clocks.js';

/*
 * The shadow of a word, 64 bytes: the execution it belongs to, then the histories. Each is an epoch with its site and
 * seq, or the negated index of a block of all three per actor.
 */
export const SHADOW_BITS = 4;
export const PLAIN_WRITE = 1;
export const PLAIN_READ = 4;
export const MARKED_WRITE = 7;
export const MARKED_READ = 10;
/** Block of what an acquire of the word acquires. */
export const RELEASED = 13;
/** Block of what those did before a strong fence who looked at the word or wrote it after that. */
export const LOOKED = 14;

const HISTORY_WORDS = 3;

/** Two accesses without an order, the earlier first; kinds as above. */
export type OnRace = (
  addr: number,
  earlier: { readonly actor: number; readonly kind: number; readonly site: number; readonly seq: number },
  later: { readonly actor: number; readonly kind: number; readonly site: number },
) => void;

export class AccessHistory {
  readonly shadow: Int32Array;
  private generation = 0;
  /** Number of the access, noted with it. */
  step = 0;

  constructor(
    words: number,
    private readonly clocks: VectorClocks,
    private readonly onRace: OnRace,
  ) {
    this.shadow = new Int32Array(words << SHADOW_BITS);
  }

  /** All words were never accessed. */
  reset(): void {
    this.generation++;
    this.step = 0;
  }

  /** Where the shadow of a word begins, valid for this execution. */
  of(addr: number): number {
    const s = this.shadow;
    const at = addr << SHADOW_BITS;
    if (s[at] === this.generation) return at;
    s[at] = this.generation;
    s[at + PLAIN_WRITE] = 0;
    s[at + PLAIN_READ] = 0;
    s[at + MARKED_WRITE] = 0;
    s[at + MARKED_READ] = 0;
    s[at + RELEASED] = 0;
    s[at + LOOKED] = 0;
    return at;
  }

  plainRead(t: number, at: number, site: number): void {
    if (this.sameEpoch(t, at + PLAIN_READ)) return;
    this.compare(t, at, PLAIN_WRITE, PLAIN_READ, site, 0);
    this.compare(t, at, MARKED_WRITE, PLAIN_READ, site, 0);
    this.note(t, at + PLAIN_READ, site);
  }

  plainWrite(t: number, at: number, site: number): void {
    const s = this.shadow;
    const others =
      (s[at + PLAIN_READ] as number) | (s[at + MARKED_READ] as number) | (s[at + MARKED_WRITE] as number);
    if (others === 0 && s[at + PLAIN_WRITE] === this.clocks.epochs[t]) return;
    this.compare(t, at, PLAIN_WRITE, PLAIN_WRITE, site, 0);
    this.compare(t, at, PLAIN_READ, PLAIN_WRITE, site, 0);
    this.compare(t, at, MARKED_WRITE, PLAIN_WRITE, site, 0);
    this.compare(t, at, MARKED_READ, PLAIN_WRITE, site, 0);
    /* Whoever comes later and is not after all of those is not after this write either, and races with it. */
    s[at + PLAIN_READ] = 0;
    s[at + MARKED_WRITE] = 0;
    s[at + MARKED_READ] = 0;
    s[at + RELEASED] = 0;
    s[at + PLAIN_WRITE] = this.clocks.epochs[t] as number;
    s[at + PLAIN_WRITE + 1] = site;
    s[at + PLAIN_WRITE + 2] = this.step;
  }

  markedRead(t: number, at: number, site: number): void {
    if (this.sameEpoch(t, at + MARKED_READ)) return;
    this.compare(t, at, PLAIN_WRITE, MARKED_READ, site, this.shadow[at + RELEASED] as number);
    this.note(t, at + MARKED_READ, site);
  }

  /** `isRead`: a read-modify-write, which is ordered after whatever the store is that it reads. */
  markedWrite(t: number, at: number, site: number, isRead: boolean): void {
    if (this.sameEpoch(t, at + MARKED_WRITE)) return;
    const read = isRead ? (this.shadow[at + RELEASED] as number) : 0;
    this.compare(t, at, PLAIN_WRITE, MARKED_WRITE, site, read);
    this.compare(t, at, PLAIN_READ, MARKED_WRITE, site, read);
    this.note(t, at + MARKED_WRITE, site);
  }

  /**
   * Noted in this epoch already. What others have done to the word since cannot be after that access, and has been
   * compared with it.
   */
  private sameEpoch(t: number, history: number): boolean {
    const last = this.shadow[history] as number;
    const epoch = this.clocks.epochs[t];
    return last >= 0 ? last === epoch : this.clocks.pool[HISTORY_WORDS * t - last] === epoch;
  }

  /**
   * Tells of every access in history `kind` that is not before what t does now. `read`: block of the store that this
   * access reads; what is before that store is before the access, though not before what follows it.
   */
  private compare(t: number, at: number, kind: number, mine: number, site: number, read: number): void {
    const s = this.shadow;
    const last = s[at + kind] as number;
    if (last === 0) return;
    if (last > 0) {
      /* Mostly its own. */
      if ((last & (MAX_ACTORS - 1)) === t || this.clocks.before(last, t)) return;
      this.race(t, at, kind, last, s[at + kind + 1] as number, s[at + kind + 2] as number, mine, site, read);
      return;
    }
    const { pool, actors } = this.clocks;
    for (let u = 0; u < actors; u++) {
      const e = HISTORY_WORDS * u - last;
      const epoch = pool[e] as number;
      if (epoch === 0 || this.clocks.before(epoch, t)) continue;
      this.race(t, at, kind, epoch, pool[e + 1] as number, pool[e + 2] as number, mine, site, read);
    }
  }

  private race(
    t: number,
    at: number,
    kind: number,
    epoch: number,
    otherSite: number,
    seq: number,
    mine: number,
    site: number,
    read: number,
  ): void {
    if (read !== 0 && this.clocks.covers(read, epoch)) return;
    this.onRace(
      at >> SHADOW_BITS,
      { actor: epoch & (MAX_ACTORS - 1), kind, site: otherSite, seq },
      { actor: t, kind: mine, site },
    );
  }

  private note(t: number, history: number, site: number): void {
    const s = this.shadow;
    const last = s[history] as number;
    const epoch = this.clocks.epochs[t] as number;
    if (last >= 0 && (last === 0 || this.clocks.before(last, t))) {
      s[history] = epoch;
      s[history + 1] = site;
      s[history + 2] = this.step;
      return;
    }
    const e = (last < 0 ? -last : this.spread(history, last)) + HISTORY_WORDS * t;
    const { pool } = this.clocks;
    pool[e] = epoch;
    pool[e + 1] = site;
    pool[e + 2] = this.step;
  }

  /** From one epoch to all actors'. */
  private spread(history: number, last: number): number {
    const s = this.shadow;
    const block = this.clocks.alloc(HISTORY_WORDS * this.clocks.actors);
    const e = block + HISTORY_WORDS * (last & (MAX_ACTORS - 1));
    const { pool } = this.clocks;
    pool[e] = last;
    pool[e + 1] = s[history + 1] as number;
    pool[e + 2] = s[history + 2] as number;
    s[history] = -block;
    return block;
  }
}
