// SPDX-License-Identifier: GPL-2.0-only
/** What the stores of an actor carry, and what its write and full barriers do. */

import { wordOf } from './growth.js';
import { UNCOVERED } from './history.js';
import { Knowledge } from './knowledge.js';
import { COVERED, SNAPSHOT, STAMP } from './message.js';
import { CUR, NEVER, PEND } from './rows.js';

export class Publication extends Knowledge {
  /* Of actor and log, positions: what its next relaxed store carries, changed by write and full barriers; */
  protected rel = new Int32Array(0);
  /* and what its own stores carry: a write barrier makes that, and those stores, part of `rel`. */
  protected own = new Int32Array(0);
  /** Snapshot of `rel`, shared by relaxed stores; -1: to be taken anew. */
  private relSnapshot = new Int32Array(0);
  /** What the last release carried, not yet part of `own`. */
  protected released = new Int32Array(0);
  /** Where the actor's log ended at its last full barrier. */
  private covered = new Int32Array(0);

  override reset(actors: number, boards: number): void {
    if (this.relSnapshot.length !== actors) {
      this.rel = new Int32Array(2 * actors * actors);
      this.own = new Int32Array(2 * actors * actors);
      this.relSnapshot = new Int32Array(actors);
      this.released = new Int32Array(actors);
      this.covered = new Int32Array(actors);
    }
    super.reset(actors, boards);
  }

  override forget(): void {
    super.forget();
    this.rel.fill(0);
    this.own.fill(0);
    this.relSnapshot.fill(0);
    this.released.fill(0);
    this.covered.fill(0);
  }

  /** A write barrier: the actor's earlier stores become visible before its later ones. */
  writeBarrier(actor: number): void {
    const released = this.released[actor] as number;
    if (released !== 0) {
      this.joinOwn(actor, released);
      this.h.snapshots.drop(released);
      this.released[actor] = 0;
    }
    if (this.ownGrew[actor] === 0) return;
    this.ownGrew[actor] = 0;
    const { rel, own, logs } = this;
    const first = actor * logs;
    own[first + this.actors + actor] = this.growth.end[actor] as number;
    for (let x = first; x < first + logs; x++)
      if ((own[x] as number) > (rel[x] as number)) rel[x] = own[x] as number;
    this.renewRel(actor);
  }

  protected renewRel(actor: number): void {
    const old = this.relSnapshot[actor] as number;
    if (old > 0) this.h.snapshots.drop(old);
    this.relSnapshot[actor] = -1;
  }

  private joinOwn(actor: number, snapshot: number): void {
    this.h.snapshots.raise(this.own, actor * this.logs, snapshot);
    this.ownGrew[actor] = 1;
  }

  /**
   * A full barrier. All that the actor knows is visible to whatever comes after this fence, in this actor and in
   * all that it happens before: the fence gets a number, and the messages it covers are marked with it.
   */
  fullBarrier(actor: number): void {
    const number = ++this.fences;
    this.fence[actor] = number;
    this.pendingFence[actor] = number;
    if (this.grew[actor] !== 0) this.publish(actor, number);
    if (this.since[actor] !== NEVER) this.allOrdered(actor);
  }

  private publish(actor: number, fence: number): void {
    this.grew[actor] = 0;
    this.ownGrew[actor] = 0;
    /* At all other words CUR has been PEND since the full barrier before, and has been covered. */
    const entries = this.growth.entriesOf(actor);
    const end = this.growth.end[actor] as number;
    for (let i = this.covered[actor] as number; i < end; i += 2)
      this.level(actor, wordOf(entries[i] as number), fence);
    this.covered[actor] = end;
    const { logs, rel } = this;
    const first = actor * logs;
    for (let x = first; x < first + logs; x++) rel[x] = 0;
    rel[first + actor] = end;
    this.renewRel(actor);
    const released = this.released[actor] as number;
    if (released !== 0) this.h.snapshots.drop(released);
    this.released[actor] = 0;
  }

  /** CUR becomes PEND at a word, which is covered now. */
  private level(actor: number, word: number, fence: number): void {
    const { views } = this;
    const mine = this.at(actor, word);
    const v = views[mine + PEND] as number;
    views[mine + CUR] = v;
    const all = word << this.width;
    const covered = views[all] as number;
    if (v <= covered) return;
    this.cover(word, covered, v, fence);
    views[all] = v;
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
      s = this.h.snapshots.take(this.rel, actor * this.logs, this.logs);
      this.relSnapshot[actor] = s;
    }
    this.h.snapshots.hold(s);
    return s;
  }

  /** What a release carries. */
  releaseSnapshot(actor: number): number {
    if (this.grew[actor] === 0) return this.relaxedSnapshot(actor);
    const s = this.h.snapshots.single(actor, this.growth.end[actor] as number);
    this.h.snapshots.drop(this.released[actor] as number);
    this.h.snapshots.hold(s);
    this.released[actor] = s;
    return s;
  }

  /** What a relaxed read-modify-write carries that read the message in `slot`: it continues that one's sequence. */
  inheritedSnapshot(actor: number, slot: number): number {
    const { snapshots } = this.h;
    const read = this.h.messages[slot + SNAPSHOT] as number;
    const first = actor * this.logs;
    if (read === 0 || snapshots.isWithin(read, this.rel, first)) return this.relaxedSnapshot(actor);
    const base = this.relaxedSnapshot(actor);
    this.joinOwn(actor, read);
    if (base === 0) {
      snapshots.hold(read);
      return read;
    }
    snapshots.drop(base);
    return this.union(actor, read);
  }

  /** `rel` and a snapshot. */
  private union(actor: number, snapshot: number): number {
    const { logs } = this;
    const both = this.both.length === logs ? this.both : new Int32Array(logs);
    this.both = both;
    const first = actor * logs;
    for (let log = 0; log < logs; log++) both[log] = this.rel[first + log] as number;
    this.h.snapshots.raise(both, 0, snapshot);
    return this.h.snapshots.take(both, 0, logs);
  }

  private both = new Int32Array(0);

  /** The actor's own store at `stamp`. */
  wrote(actor: number, word: number, stamp: number): void {
    const mine = this.at(actor, word);
    this.views[mine + CUR] = stamp;
    this.views[mine + PEND] = stamp;
    this.grown(actor, ~word, stamp);
    this.ownGrew[actor] = 1;
  }
}
