// SPDX-License-Identifier: GPL-2.0-only
/** What the stores of an actor carry, and what its write and full barriers do. */

import { UNCOVERED } from './history.js';
import { Knowledge, TOUCHED } from './knowledge.js';
import { COVERED, SNAPSHOT, STAMP } from './message.js';
import { NEVER, OWN, PEND, REL } from './rows.js';

export class Publication extends Knowledge {
  /** A write barrier: the actor's earlier stores become visible before its later ones. */
  writeBarrier(actor: number): void {
    const base = this.curRow(actor);
    const rel = base + REL * this.h.stride;
    const own = base + OWN * this.h.stride;
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
    const own = this.curRow(actor) + OWN * this.h.stride;
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
    /* At all other words CUR and REL have been PEND since the full barrier before, and row 0 has it. */
    const n = this.nrTouched[actor] as number;
    if (n > TOUCHED) for (let x = 1; x < h.words; x++) this.level(actor, x, number);
    else for (let i = 0; i < n; i++) this.level(actor, this.touched[actor * TOUCHED + i] as number, number);
    this.nrTouched[actor] = 0;
    this.renewRel(actor, 1);
    this.relWholeAt[actor] = this.versions;
    const first = actor * this.actors;
    for (let o = first; o < first + this.actors; o++) this.relJoined[o] = this.joinedWhole[o] as number;
    const released = this.released[actor] as number;
    if (released !== 0) h.snapshots.drop(released);
    this.released[actor] = 0;
  }

  /** CUR and REL become PEND at a word, and so does row 0: what some full barrier has covered. */
  private level(actor: number, word: number, fence: number): void {
    const { rows } = this;
    const { stride } = this.h;
    const cur = this.curRow(actor) + word;
    const v = rows[cur + stride] as number;
    rows[cur] = v;
    rows[cur + REL * stride] = v;
    const covered = rows[word] as number;
    if (v <= covered) return;
    this.cover(word, covered, v, fence);
    rows[word] = v;
  }

  private cover(word: number, above: number, upTo: number, fence: number): void {
    const h = this.h;
    const top = h.top[word] as number;
    for (let i = top; i > top - (h.count[word] as number); i--) {
      const slot = h.slotOf(word, i);
      const stamp = h.messages[slot + STAMP] as number;
      if (stamp <= above) return;
      if (stamp <= upTo && h.messages[slot + COVERED] === UNCOVERED) h.messages[slot + COVERED] = fence;
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
        this.curRow(actor) + REL * this.h.stride,
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
      this.curRow(actor) + PEND * this.h.stride,
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
    const read = h.messages[slot + SNAPSHOT] as number;
    if (read === 0 || this.relHas(actor, read)) return this.relaxedSnapshot(actor);
    if (
      this.isOwnRelease(actor, read) &&
      (h.snapshots.version[read] as number) > (this.relVersion[actor] as number)
    ) {
      /* It was all that the actor knew, and REL has not changed since. OWN will get it, or has it. */
      h.snapshots.hold(read);
      return read;
    }
    const base = this.relaxedSnapshot(actor);
    if (read === base) return base;
    this.joinOwn(actor, read);
    if (base === 0) {
      h.snapshots.hold(read);
      return read;
    }
    const both = h.snapshots.union(base, read, ++this.versions, actor);
    h.snapshots.drop(base);
    return both;
  }

  private isOwnRelease(actor: number, snapshot: number): boolean {
    const { owner, whole } = this.h.snapshots;
    return owner[snapshot] === actor && whole[snapshot] === 1;
  }

  /** REL surely has all of this snapshot: it was in PEND when REL became all of PEND. */
  private relHas(actor: number, snapshot: number): boolean {
    const { owner, version } = this.h.snapshots;
    const of = owner[snapshot] as number;
    const upTo = of === actor ? this.relWholeAt[actor] : this.relJoined[actor * this.actors + of];
    return (version[snapshot] as number) <= (upTo as number);
  }

  /** The actor's own store at `stamp`. */
  wrote(actor: number, word: number, stamp: number): void {
    const stride = this.h.stride;
    const cur = this.curRow(actor);
    const rows = this.rows;
    rows[cur + word] = stamp;
    rows[cur + stride + word] = stamp;
    rows[cur + OWN * stride + word] = stamp;
    this.grown(actor, word);
    this.ownGrew[actor] = 1;
  }
}
