// SPDX-License-Identifier: GPL-2.0-only
/**
 * What each actor knows of the stores of all, as views: for every written word the oldest place in coherence order
 * that is still compatible with what the actor has done. Why the rules are as they are is told in view.ts.
 */

import type { History } from './history.js';
import { FENCE_NUMBER, SNAPSHOT, STAMP, TIME } from './message.js';
import { CUR, NEVER, ROWS } from './rows.js';

/** Words that are kept as touched; more are not told apart from all. */
export const TOUCHED = 128;

export class Knowledge {
  rows = new Int32Array(0);
  protected actors = 0;
  protected boards = 0;
  /** The latest strong fence that happens before the actor's next load, resp. before its next store. */
  fence = new Int32Array(0);
  pendingFence = new Int32Array(0);
  /**
   * Of the reads that are not ordered before the next load: when the oldest message of theirs was written, and
   * `pendingFence` after the first of them; `high`: a later one has come from behind a later fence.
   */
  since = new Int32Array(0);
  sinceFence = new Int32Array(0);
  protected high = new Uint8Array(0);
  fences = 0;
  /** Stores so far. */
  clock = 0;
  /** PEND has grown since the last full barrier, OWN since the last write barrier. */
  protected grew = new Uint8Array(0);
  protected ownGrew = new Uint8Array(0);
  /** Words of PEND that have grown since the last full barrier, and how many; TOUCHED + 1: any. */
  protected touched = new Int32Array(0);
  protected nrTouched = new Int32Array(0);
  /** Snapshot of REL, shared by relaxed stores; -1: to be taken anew. */
  protected relSnapshot = new Int32Array(0);
  /** What the last release carried, not yet part of OWN. */
  protected released = new Int32Array(0);
  protected unlockedFence = new Int32Array(0);
  /** Of actor and owner: version of the snapshot joined last. */
  protected joined = new Int32Array(0);
  /** The same: version of the latest whole one. */
  protected joinedWhole = new Int32Array(0);
  protected versions = 0;
  /** Of REL: when it changed last, and whether that made it all of PEND. */
  protected relVersion = new Int32Array(0);
  protected relWhole = new Int32Array(0);
  /** When REL was all of PEND last: version, and what of the other owners had been joined by then. */
  protected relWholeAt = new Int32Array(0);
  protected relJoined = new Int32Array(0);
  protected boardFence = new Int32Array(0);

  constructor(protected readonly h: History) {}

  reset(actors: number, boards: number): void {
    const needed = (1 + boards + ROWS * actors) * this.h.stride;
    if (this.rows.length < needed) this.rows = new Int32Array(needed);
    if (this.actors !== actors || this.boards !== boards) {
      this.actors = actors;
      this.boards = boards;
      this.fence = new Int32Array(actors);
      this.pendingFence = new Int32Array(actors);
      this.since = new Int32Array(actors);
      this.sinceFence = new Int32Array(actors);
      this.high = new Uint8Array(actors);
      this.grew = new Uint8Array(actors);
      this.ownGrew = new Uint8Array(actors);
      this.touched = new Int32Array(actors * TOUCHED);
      this.nrTouched = new Int32Array(actors);
      this.relSnapshot = new Int32Array(actors);
      this.released = new Int32Array(actors);
      this.unlockedFence = new Int32Array(actors);
      this.joined = new Int32Array(actors * actors);
      this.joinedWhole = new Int32Array(actors * actors);
      this.relVersion = new Int32Array(actors);
      this.relWhole = new Int32Array(actors);
      this.relWholeAt = new Int32Array(actors);
      this.relJoined = new Int32Array(actors * actors);
      this.boardFence = new Int32Array(boards);
    }
    this.fences = 0;
    this.clock = 0;
    this.forget();
  }

  /** All know all: what a full barrier of every actor at once would do. The history must be cleared with it. */
  forget(): void {
    this.fence.fill(0);
    this.pendingFence.fill(0);
    this.unlockedFence.fill(0);
    this.boardFence.fill(0);
    this.since.fill(NEVER);
    this.high.fill(0);
    this.grew.fill(0);
    this.ownGrew.fill(0);
    this.nrTouched.fill(0);
    this.relWholeAt.fill(0);
    this.relJoined.fill(0);
    this.relSnapshot.fill(0);
    this.released.fill(0);
    this.joined.fill(0);
    this.joinedWhole.fill(0);
    this.versions = 0;
  }

  /** Begins the column of a new word. */
  open(word: number): void {
    const stride = this.h.stride;
    const end = (1 + this.boards + ROWS * this.actors) * stride;
    for (let at = word; at < end; at += stride) this.rows[at] = 0;
  }

  curRow(actor: number): number {
    return (1 + this.boards + ROWS * actor + CUR) * this.h.stride;
  }

  /** An actor reads the message in `slot`. `acquire`: the read comes before all that the actor does later. */
  read(actor: number, word: number, slot: number, acquire: boolean): void {
    const h = this.h;
    const rows = this.rows;
    const cur = this.curRow(actor);
    const stamp = h.messages[slot + STAMP] as number;
    if (stamp > (rows[cur + word] as number)) rows[cur + word] = stamp;
    const pend = cur + h.stride;
    if (stamp > (rows[pend + word] as number)) {
      rows[pend + word] = stamp;
      this.grown(actor, word);
    }
    const fence = h.messages[slot + FENCE_NUMBER] as number;
    const snapshot = h.messages[slot + SNAPSHOT] as number;
    const has = snapshot === 0 || this.has(actor, snapshot);
    if (acquire) {
      if (!this.older(actor, slot)) this.order(actor);
      if (!has || (snapshot !== 0 && this.since[actor] !== NEVER)) this.join(actor, snapshot, true);
      if (fence > (this.fence[actor] as number)) this.fence[actor] = fence;
      if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
      return;
    }
    const fresh = !has && this.join(actor, snapshot, false);
    if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
    const unordered = this.since[actor] !== NEVER;
    if (
      unordered
        ? snapshot !== 0 || h.gap > 1 || fence > (this.sinceFence[actor] as number)
        : fresh || fence > (this.fence[actor] as number)
    ) {
      this.unordered(actor, word, slot);
    }
  }

  /** PEND has grown at a word. */
  protected grown(actor: number, word: number): void {
    this.grew[actor] = 1;
    const n = this.nrTouched[actor] as number;
    if (n > TOUCHED) return;
    if (n < TOUCHED) this.touched[actor * TOUCHED + n] = word;
    this.nrTouched[actor] = n + 1;
  }

  /** PEND may have grown at any word. */
  protected grownAnywhere(actor: number): void {
    this.grew[actor] = 1;
    this.nrTouched[actor] = TOUCHED + 1;
  }

  /** Whether PEND has this snapshot already; the caller joins it if not. */
  protected has(actor: number, snapshot: number): boolean {
    const owner = this.h.snapshots.owner[snapshot] as number;
    if (actor === owner) return true;
    const seen = actor * this.actors + owner;
    const version = this.h.snapshots.version[snapshot] as number;
    if (version <= (this.joinedWhole[seen] as number) || version === this.joined[seen]) return true;
    this.joined[seen] = version;
    if (this.h.snapshots.whole[snapshot] === 1) this.joinedWhole[seen] = version;
    return false;
  }

  /**
   * The message was there, with all its past, before the oldest of the reads that this actor has not ordered yet: its
   * reader may have read it before them.
   */
  older(actor: number, slot: number): boolean {
    if (this.since[actor] === NEVER) return true;
    return (
      (this.h.messages[slot + TIME] as number) <= (this.since[actor] as number) &&
      (this.h.messages[slot + FENCE_NUMBER] as number) <= (this.sinceFence[actor] as number) &&
      (this.high[actor] === 0 || this.h.messages[slot + SNAPSHOT] === 0)
    );
  }

  /** A read that is not ordered before the next load. */
  protected unordered(actor: number, word: number, slot: number): void {
    const isNewest = slot === this.h.slotOf(word, this.h.top[word] as number);
    const time = isNewest
      ? this.clock
      : this.h.gap > 1
        ? this.h.earliest(word, slot)
        : (this.h.messages[slot + TIME] as number);
    if (this.since[actor] === NEVER) {
      this.since[actor] = time;
      this.sinceFence[actor] = this.pendingFence[actor] as number;
      this.high[actor] = 0;
      return;
    }
    if (time < (this.since[actor] as number)) this.since[actor] = time;
    if ((this.h.messages[slot + FENCE_NUMBER] as number) > (this.sinceFence[actor] as number))
      this.high[actor] = 1;
  }

  /**
   * Joins a snapshot to PEND (and CUR); true if CUR lacked some of it. For CUR without branches, as which of two
   * entries is the later one cannot be predicted: `d & ~(d >> 31)` is d if that is positive, else 0.
   */
  protected join(actor: number, snapshot: number, both: boolean): boolean {
    const rows = this.rows;
    const words = this.h.snapshots.words;
    const at = this.h.snapshots.at[snapshot] as number;
    const n = this.h.snapshots.length[snapshot] as number;
    const cur = this.curRow(actor);
    const pend = cur + this.h.stride;
    let lacked = 0;
    for (let x = 1; x < n; x++) {
      const v = words[at + x] as number;
      const more = (v - (rows[cur + x] as number)) | 0;
      lacked |= more & ~(more >> 31);
      /* Of hundreds of entries a few are later. */
      if (v > (rows[pend + x] as number)) {
        rows[pend + x] = v;
        this.grown(actor, x);
      }
    }
    if (both && lacked !== 0) {
      for (let x = 1; x < n; x++) {
        const c = rows[cur + x] as number;
        const more = ((words[at + x] as number) - c) | 0;
        rows[cur + x] = c + (more & ~(more >> 31));
      }
    }
    return lacked !== 0;
  }

  /** A read barrier: what the actor has read comes before its later loads. */
  order(actor: number): void {
    if (this.since[actor] === NEVER) return;
    const cur = this.curRow(actor);
    const pend = cur + this.h.stride;
    const rows = this.rows;
    if (this.h.words > 96) rows.copyWithin(cur, pend, pend + this.h.words);
    else for (let x = 1; x < this.h.words; x++) rows[cur + x] = rows[pend + x] as number;
    this.fence[actor] = this.pendingFence[actor] as number;
    this.since[actor] = NEVER;
  }
}
