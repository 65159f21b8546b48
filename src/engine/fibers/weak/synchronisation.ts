// SPDX-License-Identifier: GPL-2.0-only
/** What LKMM says of spinlocks beyond acquire and release, and the boards on which grace periods are told of readers. */
import type { Rest } from './explore.js';
import { UNCOVERED } from './history.js';
import { COVERED, FENCE_NUMBER, SNAPSHOT, STAMP, TIME, VALUE, WELDED } from './message.js';
import { Publication } from './publication.js';
import { CUR, NEVER, PEND } from './rows.js';

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

  /**
   * Numbers that tell two states apart, places in coherence order as ranks. Left out is what nobody can come to know:
   * the views of actors that have ended, words that nobody accesses any more, and messages that are older than what
   * each actor that is left has got to know.
   */
  fingerprint(into: number[], actors: number, rest: Rest): void {
    const h = this.h;
    const live: number[] = [];
    for (let a = 0; a < actors; a++) if (!rest.ended(a)) live.push(a);
    const order: number[] = [];
    for (let w = 1; w < h.words; w++) if (rest.uses(h.addrOf[w] as number)) order.push(w);
    order.sort((a, b) => (h.addrOf[a] as number) - (h.addrOf[b] as number));
    for (const w of order) into.push(h.addrOf[w] as number);
    into.push(-1);
    const slots = new Map(order.map((w) => [w, this.readable(w, live)]));
    const rank = (word: number, stamp: number): number => {
      let n = 0;
      for (const slot of slots.get(word) as number[]) if ((h.messages[slot + STAMP] as number) <= stamp) n++;
      return Math.max(n, 1);
    };
    const times = [...slots.values()].flatMap((list) =>
      list.map((slot) => h.messages[slot + TIME] as number),
    );
    /* Times and fences matter only by comparison. */
    const place = (time: number): number => {
      let n = 0;
      for (const t of times) if (t < time) n++;
      return n;
    };
    const byActor = [this.fence, this.pendingFence, this.sinceFence, this.unlockedFence];
    const kept = rest.fences?.() ?? [];
    const numbers = new Set<number>([...this.boardFence, ...kept]);
    for (const a of live) for (const numbersOf of byActor) numbers.add(numbersOf[a] as number);
    for (const list of slots.values()) {
      for (const slot of list) {
        numbers.add(h.messages[slot + FENCE_NUMBER] as number);
        numbers.add(h.messages[slot + COVERED] as number);
      }
    }
    const ranks = new Map([...numbers].sort((a, b) => a - b).map((n, i) => [n, i]));
    const fence = (n: number): number => (n === UNCOVERED ? -1 : (ranks.get(n) as number));
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
      const first = word << this.width;
      into.push(rank(word, this.views[first] as number));
      for (const a of live) {
        into.push(rank(word, this.views[this.at(a, word) + CUR] as number));
        into.push(rank(word, this.views[this.at(a, word) + PEND] as number));
      }
      const list = slots.get(word) as number[];
      into.push(list.length);
      for (const slot of list) {
        into.push(
          h.messages[slot + VALUE] as number,
          fence(h.messages[slot + FENCE_NUMBER] as number),
          fence(h.messages[slot + COVERED] as number),
          place(h.messages[slot + TIME] as number),
          h.messages[slot + WELDED] as number,
        );
        snapshot(h.messages[slot + SNAPSHOT] as number);
      }
    }
    for (let board = 0; board < this.boards; board++) {
      raise(this.posted, board * this.logs);
      tell();
    }
    for (const a of live) {
      raise(this.rel, a * this.logs);
      tell();
      raise(this.own, a * this.logs);
      this.growth.raise(view, actors + a, this.growth.end[a] as number);
      tell();
      this.growth.raise(view, a, this.unlockedAt[a] as number);
      tell();
      for (const numbersOf of byActor) into.push(fence(numbersOf[a] as number));
      into.push(this.since[a] === NEVER ? -1 : place(this.since[a] as number), this.high[a] as number);
      snapshot(this.released[a] as number);
    }
    for (const f of [...this.boardFence, ...kept]) into.push(fence(f));
  }

  /** The messages of a word that one of these actors may still read, newest first, as slots. */
  private readable(word: number, live: readonly number[]): number[] {
    const h = this.h;
    let least = Number.POSITIVE_INFINITY;
    for (const a of live) least = Math.min(least, this.views[this.at(a, word) + CUR] as number);
    const list: number[] = [];
    const top = h.top[word] as number;
    for (let i = top; i > top - (h.count[word] as number); i--) {
      const slot = h.slotOf(word, i);
      list.push(slot);
      if ((h.messages[slot + STAMP] as number) <= least) break;
    }
    return list;
  }
}
