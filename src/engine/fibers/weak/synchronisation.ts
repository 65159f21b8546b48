// SPDX-License-Identifier: GPL-2.0-only
/** What LKMM says of spinlocks beyond acquire and release, and the boards on which grace periods are told of readers. */
import { COVERED, FENCE_NUMBER, SNAPSHOT, TIME, VALUE, WELDED, WRITER } from './message.js';
import { Publication } from './publication.js';
import { NEVER } from './rows.js';

export class Synchronisation extends Publication {
  /** Of an actor, at its last unlock: where its log ended, and its latest fence. */
  protected unlockedAt = new Int32Array(0);
  protected unlockedFence = new Int32Array(0);
  /** Of board and log: positions. */
  protected posted = new Int32Array(0);
  protected boardFence = new Int32Array(0);

  override reset(actors: number, boards: number): void {
    if (this.unlockedAt.length !== actors) {
      this.unlockedAt = new Int32Array(actors);
      this.unlockedFence = new Int32Array(actors);
    }
    if (this.posted.length !== 2 * boards * actors) this.posted = new Int32Array(2 * boards * actors);
    if (this.boardFence.length !== boards) this.boardFence = new Int32Array(boards);
    super.reset(actors, boards);
  }

  override forget(): void {
    super.forget();
    this.unlockedAt.fill(0);
    this.unlockedFence.fill(0);
    this.posted.fill(0);
    this.boardFence.fill(0);
  }

  /** After the store that gives a lock back. */
  unlocked(actor: number): void {
    this.unlockedAt[actor] = this.growth.end[actor] as number;
    this.unlockedFence[actor] = this.pendingFence[actor] as number;
  }

  /**
   * After the read that took a lock (its message: `slot`), as linux-kernel.cat's po-unlock-lock-po. What came before
   * an earlier unlock of this actor, of any lock, comes before what follows; and stores that follow carry that, and
   * what the unlock of this lock has carried.
   */
  locked(actor: number, slot: number): void {
    const first = actor * this.logs;
    const snapshot = this.h.messages[slot + SNAPSHOT] as number;
    if (snapshot !== 0) this.h.snapshots.raise(this.rel, first, snapshot);
    const upTo = this.unlockedAt[actor] as number;
    if (upTo > (this.rel[first + actor] as number)) this.rel[first + actor] = upTo;
    if (this.since[actor] !== NEVER) this.catchUp(actor, upTo);
    const fence = this.unlockedFence[actor] as number;
    if (fence > (this.fence[actor] as number)) this.fence[actor] = fence;
    this.renewRel(actor);
  }

  /** Board 1 and up: an actor leaves there all that it knows. */
  post(actor: number, board: number): void {
    const at = (board - 1) * this.logs + actor;
    this.posted[at] = this.growth.end[actor] as number;
    const fence = this.pendingFence[actor] as number;
    if (fence > (this.boardFence[board - 1] as number)) this.boardFence[board - 1] = fence;
  }

  /** The actor learns all that was left on a board. To be followed by a full barrier. */
  gather(actor: number, board: number): void {
    this.takeIn(actor, this.posted, (board - 1) * this.logs);
    const fence = this.boardFence[board - 1] as number;
    if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
  }

  /** What comes next in this actor comes after strong fence `number`. */
  after(actor: number, number: number): void {
    if (number > (this.fence[actor] as number)) this.fence[actor] = number;
    if (number > (this.pendingFence[actor] as number)) this.pendingFence[actor] = number;
  }

  /** Numbers that tell two states apart, places in coherence order as ranks. */
  fingerprint(into: number[], actors: number): void {
    const h = this.h;
    const order = Array.from({ length: h.words - 1 }, (_, w) => w + 1);
    order.sort((a, b) => (h.addrOf[a] as number) - (h.addrOf[b] as number));
    for (const w of order) into.push(h.addrOf[w] as number);
    const rank = (word: number, stamp: number): number => {
      let n = 0;
      const top = h.top[word] as number;
      for (let i = top; i > top - (h.count[word] as number); i--) if (h.stampOf(word, i) <= stamp) n++;
      return n;
    };
    const times: number[] = [];
    for (const word of order) {
      const top = h.top[word] as number;
      for (let i = top; i > top - (h.count[word] as number); i--)
        times.push(h.messages[h.slotOf(word, i) + TIME] as number);
    }
    /* Times matter only by comparison. */
    const place = (time: number): number => {
      let n = 0;
      for (const t of times) if (t < time) n++;
      return n;
    };
    const view = new Int32Array(h.words);
    /* Views are told by place and word: the same one may have been published through other logs. */
    const tell = (): void => {
      for (const word of order) into.push(rank(word, view[word] as number));
      view.fill(0);
    };
    const raise = (positions: Int32Array, start: number): void => {
      for (let log = 0; log < this.logs; log++)
        this.growth.raise(view, log, positions[start + log] as number);
    };
    const positions = new Int32Array(this.logs);
    const snapshot = (s: number): void => {
      if (s !== 0) {
        positions.fill(0);
        h.snapshots.raise(positions, 0, s);
        raise(positions, 0);
      }
      tell();
    };
    for (const word of order) {
      for (let i = 0; i <= 2 * actors; i++)
        into.push(rank(word, this.views[(word << this.width) + i] as number));
      const top = h.top[word] as number;
      into.push(h.count[word] as number);
      for (let i = top; i > top - (h.count[word] as number); i--) {
        const slot = h.slotOf(word, i);
        into.push(
          h.messages[slot + VALUE] as number,
          h.messages[slot + FENCE_NUMBER] as number,
          h.messages[slot + COVERED] as number,
        );
        into.push(
          place(h.messages[slot + TIME] as number),
          (h.messages[slot + WRITER] as number) + 1,
          h.messages[slot + WELDED] as number,
        );
        snapshot(h.messages[slot + SNAPSHOT] as number);
      }
    }
    for (let board = 0; board < this.boards; board++) {
      raise(this.posted, board * this.logs);
      tell();
    }
    for (let a = 0; a < actors; a++) {
      raise(this.rel, a * this.logs);
      tell();
      raise(this.own, a * this.logs);
      this.growth.raise(view, actors + a, this.growth.end[a] as number);
      tell();
      this.growth.raise(view, a, this.unlockedAt[a] as number);
      tell();
      into.push(this.fence[a] as number, this.pendingFence[a] as number, this.sinceFence[a] as number);
      into.push(this.unlockedFence[a] as number, place(this.since[a] as number), this.high[a] as number);
      snapshot(this.released[a] as number);
    }
    for (const f of this.boardFence) into.push(f);
    into.push(this.fences);
  }
}
