// SPDX-License-Identifier: GPL-2.0-only
/**
 * What each actor knows of the stores of all, as views: for every written word the oldest place in coherence order
 * that is still compatible with what the actor has done. Why the rules are as they are is told in view.ts.
 */
import type { History } from './history.js';
import { UNCOVERED } from './history.js';
import { CUR, NEVER, OWN, PEND, REL, ROWS } from './rows.js';

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
  /** Snapshot of REL, shared by relaxed stores; -1: to be taken anew. */
  private relSnapshot = new Int32Array(0);
  /** What the last release carried, not yet part of OWN. */
  private released = new Int32Array(0);
  protected unlockedFence = new Int32Array(0);
  /** Of actor and owner: version of the snapshot joined last. */
  private joined = new Int32Array(0);
  /** The same: version of the latest whole one. */
  private joinedWhole = new Int32Array(0);
  private versions = 0;
  /** Of REL: when it changed last, and whether that made it all of PEND. */
  private relVersion = new Int32Array(0);
  private relWhole = new Int32Array(0);
  protected boardFence = new Int32Array(0);

  constructor(protected readonly h: History) {}

  reset(actors: number, boards: number): void {
    const needed = (1 + boards + ROWS * actors) * this.h.most;
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
      this.relSnapshot = new Int32Array(actors);
      this.released = new Int32Array(actors);
      this.unlockedFence = new Int32Array(actors);
      this.joined = new Int32Array(actors * actors);
      this.joinedWhole = new Int32Array(actors * actors);
      this.relVersion = new Int32Array(actors);
      this.relWhole = new Int32Array(actors);
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
    this.relSnapshot.fill(0);
    this.released.fill(0);
    this.joined.fill(0);
    this.joinedWhole.fill(0);
    this.versions = 0;
  }

  /** Begins the column of a new word. */
  open(word: number): void {
    const most = this.h.most;
    const end = (1 + this.boards + ROWS * this.actors) * most;
    for (let at = word; at < end; at += most) this.rows[at] = 0;
  }

  curRow(actor: number): number {
    return (1 + this.boards + ROWS * actor + CUR) * this.h.most;
  }

  /** An actor reads the message in `slot`. `acquire`: the read comes before all that the actor does later. */
  read(actor: number, word: number, slot: number, acquire: boolean): void {
    const h = this.h;
    const rows = this.rows;
    const cur = this.curRow(actor);
    const stamp = h.stamp[slot] as number;
    if (stamp > (rows[cur + word] as number)) rows[cur + word] = stamp;
    const pend = cur + h.most;
    if (stamp > (rows[pend + word] as number)) {
      rows[pend + word] = stamp;
      this.grew[actor] = 1;
    }
    const fence = h.fence[slot] as number;
    const snapshot = h.snapshot[slot] as number;
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

  /** Whether PEND has this snapshot already; the caller joins it if not. */
  private has(actor: number, snapshot: number): boolean {
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
      (this.h.time[slot] as number) <= (this.since[actor] as number) &&
      (this.h.fence[slot] as number) <= (this.sinceFence[actor] as number) &&
      (this.high[actor] === 0 || this.h.snapshot[slot] === 0)
    );
  }

  /** A read that is not ordered before the next load. */
  private unordered(actor: number, word: number, slot: number): void {
    const time = this.h.gap > 1 ? this.h.earliest(word, slot) : (this.h.time[slot] as number);
    if (this.since[actor] === NEVER) {
      this.since[actor] = time;
      this.sinceFence[actor] = this.pendingFence[actor] as number;
      this.high[actor] = 0;
      return;
    }
    if (time < (this.since[actor] as number)) this.since[actor] = time;
    if ((this.h.fence[slot] as number) > (this.sinceFence[actor] as number)) this.high[actor] = 1;
  }

  /**
   * Joins a snapshot to PEND (and CUR); true if CUR lacked some of it. Without branches, as which of two entries is
   * the later one cannot be predicted: `d & ~(d >> 31)` is d if that is positive, else 0.
   */
  private join(actor: number, snapshot: number, both: boolean): boolean {
    const rows = this.rows;
    const words = this.h.snapshots.words;
    const at = this.h.snapshots.at[snapshot] as number;
    const n = this.h.snapshots.length[snapshot] as number;
    const cur = this.curRow(actor);
    const pend = cur + this.h.most;
    let lacked = 0;
    let grew = 0;
    for (let x = 1; x < n; x++) {
      const v = words[at + x] as number;
      const c = rows[cur + x] as number;
      const p = rows[pend + x] as number;
      const more = (v - c) | 0;
      const later = (v - p) | 0;
      const plus = later & ~(later >> 31);
      lacked |= more & ~(more >> 31);
      grew |= plus;
      rows[pend + x] = p + plus;
    }
    if (grew !== 0) this.grew[actor] = 1;
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
    const pend = cur + this.h.most;
    const rows = this.rows;
    for (let x = 1; x < this.h.words; x++) rows[cur + x] = rows[pend + x] as number;
    this.fence[actor] = this.pendingFence[actor] as number;
    this.since[actor] = NEVER;
  }

  /** A write barrier: the actor's earlier stores become visible before its later ones. */
  writeBarrier(actor: number): void {
    const base = this.curRow(actor);
    const rel = base + REL * this.h.most;
    const own = base + OWN * this.h.most;
    const rows = this.rows;
    const released = this.released[actor] as number;
    if (released !== 0) {
      this.joinOwn(actor, released);
      this.h.snapshots.drop(released);
      this.released[actor] = 0;
    }
    if (this.ownGrew[actor] === 0) return;
    this.ownGrew[actor] = 0;
    for (let x = 1; x < this.h.words; x++) {
      const r = rows[rel + x] as number;
      const more = ((rows[own + x] as number) - r) | 0;
      rows[rel + x] = r + (more & ~(more >> 31));
    }
    this.renewRel(actor);
  }

  protected renewRel(actor: number, whole = 0): void {
    this.relVersion[actor] = ++this.versions;
    this.relWhole[actor] = whole;
    const old = this.relSnapshot[actor] as number;
    if (old > 0) this.h.snapshots.drop(old);
    this.relSnapshot[actor] = -1;
  }

  private joinOwn(actor: number, snapshot: number): void {
    const own = this.curRow(actor) + OWN * this.h.most;
    const { words, at, length } = this.h.snapshots;
    const from = at[snapshot] as number;
    const rows = this.rows;
    const n = length[snapshot] as number;
    for (let x = 1; x < n; x++) {
      const o = rows[own + x] as number;
      const more = ((words[from + x] as number) - o) | 0;
      rows[own + x] = o + (more & ~(more >> 31));
    }
    this.ownGrew[actor] = 1;
  }

  /**
   * A full barrier. All that the actor knows is visible to whatever comes after this fence, in this actor and in
   * all that it happens before: the fence gets a number, and the messages it covers are marked with it.
   */
  fullBarrier(actor: number): void {
    const h = this.h;
    const number = ++this.fences;
    this.fence[actor] = number;
    this.pendingFence[actor] = number;
    this.since[actor] = NEVER;
    if (this.grew[actor] === 0) return;
    this.grew[actor] = 0;
    this.ownGrew[actor] = 0;
    const rows = this.rows;
    const cur = this.curRow(actor);
    const pend = cur + h.most;
    const rel = cur + REL * h.most;
    for (let x = 1; x < h.words; x++) {
      const v = rows[pend + x] as number;
      rows[cur + x] = v;
      rows[rel + x] = v;
      /* Row 0: what some full barrier has covered. */
      if (v > (rows[x] as number)) {
        this.cover(x, rows[x] as number, v, number);
        rows[x] = v;
      }
    }
    this.renewRel(actor, 1);
    const released = this.released[actor] as number;
    if (released !== 0) h.snapshots.drop(released);
    this.released[actor] = 0;
  }

  private cover(word: number, above: number, upTo: number, fence: number): void {
    const h = this.h;
    const top = h.top[word] as number;
    for (let i = top; i > top - (h.count[word] as number); i--) {
      const slot = word * h.depth + (i & h.mask);
      const stamp = h.stamp[slot] as number;
      if (stamp <= above) return;
      if (stamp <= upTo && h.covered[slot] === UNCOVERED) h.covered[slot] = fence;
    }
  }

  /** What a relaxed store carries; the caller owns a reference. */
  relaxedSnapshot(actor: number): number {
    let s = this.relSnapshot[actor] as number;
    if (s < 0) {
      const version = this.relVersion[actor] as number;
      const whole = this.relWhole[actor] as number;
      s = this.h.snapshots.take(
        this.rows,
        this.curRow(actor) + REL * this.h.most,
        this.h.words,
        version,
        whole,
        actor,
      );
      this.relSnapshot[actor] = s;
    }
    this.h.snapshots.hold(s);
    return s;
  }

  /** What a release carries. */
  releaseSnapshot(actor: number): number {
    if (this.grew[actor] === 0) return this.relaxedSnapshot(actor);
    const s = this.h.snapshots.take(
      this.rows,
      this.curRow(actor) + PEND * this.h.most,
      this.h.words,
      ++this.versions,
      1,
      actor,
    );
    this.h.snapshots.drop(this.released[actor] as number);
    this.h.snapshots.hold(s);
    this.released[actor] = s;
    return s;
  }

  /** What a relaxed read-modify-write carries that read the message in `slot`: it continues that one's sequence. */
  inheritedSnapshot(actor: number, slot: number): number {
    const h = this.h;
    const read = h.snapshot[slot] as number;
    const base = this.relaxedSnapshot(actor);
    if (read === 0 || read === base) return base;
    this.joinOwn(actor, read);
    if (base === 0) {
      h.snapshots.hold(read);
      return read;
    }
    const both = h.snapshots.union(base, read, ++this.versions, actor);
    h.snapshots.drop(base);
    return both;
  }

  /** The actor's own store at `stamp`. */
  wrote(actor: number, word: number, stamp: number): void {
    const most = this.h.most;
    const cur = this.curRow(actor);
    const rows = this.rows;
    rows[cur + word] = stamp;
    rows[cur + most + word] = stamp;
    rows[cur + OWN * most + word] = stamp;
    this.grew[actor] = 1;
    this.ownGrew[actor] = 1;
  }
}
