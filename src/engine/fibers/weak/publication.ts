// SPDX-License-Identifier: GPL-2.0-only
/** What the stores of an actor carry, and what its write and full barriers do. */

import { UNCOVERED } from './history.js';
import { Knowledge } from './knowledge.js';
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
    const rows = this.rows;
    const cur = this.curRow(actor);
    const pend = cur + h.stride;
    const rel = cur + REL * h.stride;
    if (h.words > 96) {
      rows.copyWithin(cur, pend, pend + h.words);
      rows.copyWithin(rel, pend, pend + h.words);
    } else {
      for (let x = 1; x < h.words; x++) {
        const v = rows[pend + x] as number;
        rows[cur + x] = v;
        rows[rel + x] = v;
      }
    }
    for (let x = 1; x < h.words; x++) {
      const v = rows[pend + x] as number;
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
    const stride = this.h.stride;
    const cur = this.curRow(actor);
    const rows = this.rows;
    rows[cur + word] = stamp;
    rows[cur + stride + word] = stamp;
    rows[cur + OWN * stride + word] = stamp;
    this.grew[actor] = 1;
    this.ownGrew[actor] = 1;
  }
}
