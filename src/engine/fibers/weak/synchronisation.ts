// SPDX-License-Identifier: GPL-2.0-only
/** What LKMM says of spinlocks beyond acquire and release, and the boards on which grace periods are told of readers. */
import type { Rest } from './explore.js';
import { UNCOVERED } from './history.js';
import { COVERED, FENCE_NUMBER, SNAPSHOT, STAMP, TIME, VALUE, WELDED } from './message.js';
import { Publication } from './publication.js';
import { CUR, NEVER, OWN, PEND, REL, UNLOCKED } from './rows.js';

export class Synchronisation extends Publication {
  private row(actor: number, which: number): number {
    return this.curRow(actor) + which * this.h.stride;
  }

  private raise(to: number, from: number): void {
    const rows = this.rows;
    for (let x = 1; x < this.h.words; x++) {
      if ((rows[from + x] as number) > (rows[to + x] as number)) rows[to + x] = rows[from + x] as number;
    }
  }

  /** After the store that gives a lock back. */
  unlocked(actor: number): void {
    const pend = this.row(actor, PEND);
    this.rows.copyWithin(this.row(actor, UNLOCKED), pend, pend + this.h.words);
    this.unlockedFence[actor] = this.pendingFence[actor] as number;
  }

  /**
   * After the read that took a lock (its message: `slot`), as linux-kernel.cat's po-unlock-lock-po. What came before
   * an earlier unlock of this actor, of any lock, comes before what follows; and stores that follow carry that, and
   * what the unlock of this lock has carried.
   */
  locked(actor: number, slot: number): void {
    const rel = this.row(actor, REL);
    const unlocked = this.row(actor, UNLOCKED);
    const snapshot = this.h.messages[slot + SNAPSHOT] as number;
    if (snapshot !== 0) {
      const { words, at, length } = this.h.snapshots;
      const from = at[snapshot] as number;
      for (let x = 1; x < (length[snapshot] as number); x++) {
        if ((words[from + x] as number) > (this.rows[rel + x] as number))
          this.rows[rel + x] = words[from + x] as number;
      }
    }
    this.raise(rel, unlocked);
    this.raise(this.row(actor, CUR), unlocked);
    const fence = this.unlockedFence[actor] as number;
    if (fence > (this.fence[actor] as number)) this.fence[actor] = fence;
    this.renewRel(actor);
  }

  /** Board 1 and up, kept in the rows before the actors': an actor leaves there all that it knows. */
  post(actor: number, board: number): void {
    this.raise(board * this.h.stride, this.row(actor, PEND));
    const fence = this.pendingFence[actor] as number;
    if (fence > (this.boardFence[board - 1] as number)) this.boardFence[board - 1] = fence;
  }

  /** The actor learns all that was left on a board. To be followed by a full barrier. */
  gather(actor: number, board: number): void {
    this.raise(this.row(actor, PEND), board * this.h.stride);
    const fence = this.boardFence[board - 1] as number;
    if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
    this.grownAnywhere(actor);
    if (this.since[actor] === NEVER) this.since[actor] = 0;
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
    const least = new Map<number, number>();
    for (const w of order) {
      into.push(h.addrOf[w] as number);
      let stamp = Number.POSITIVE_INFINITY;
      for (const a of live) stamp = Math.min(stamp, this.rows[this.row(a, CUR) + w] as number);
      least.set(w, stamp);
    }
    into.push(-1);
    /** Of each word the messages that may be read, newest first, as slots. */
    const slots = new Map<number, number[]>();
    for (const w of order) {
      const list: number[] = [];
      const top = h.top[w] as number;
      for (let i = top; i > top - (h.count[w] as number); i--) {
        const slot = h.slotOf(w, i);
        list.push(slot);
        if ((h.messages[slot + STAMP] as number) <= (least.get(w) as number)) break;
      }
      slots.set(w, list);
    }
    const rank = (word: number, stamp: number): number => {
      let n = 0;
      for (const slot of slots.get(word) as number[]) if ((h.messages[slot + STAMP] as number) <= stamp) n++;
      return Math.max(n, 1);
    };
    const times: number[] = [];
    for (const list of slots.values()) for (const slot of list) times.push(h.messages[slot + TIME] as number);
    /* Times matter only by comparison. */
    const place = (time: number): number => {
      let n = 0;
      for (const t of times) if (t < time) n++;
      return n;
    };
    const byActor = [this.fence, this.pendingFence, this.sinceFence, this.unlockedFence];
    const kept = rest.fences?.() ?? [];
    const numbers = new Set<number>([...this.boardFence, ...kept]);
    for (const a of live) for (const of of byActor) numbers.add(of[a] as number);
    for (const list of slots.values()) {
      for (const slot of list) {
        numbers.add(h.messages[slot + FENCE_NUMBER] as number);
        numbers.add(h.messages[slot + COVERED] as number);
      }
    }
    const ranks = new Map([...numbers].sort((a, b) => a - b).map((n, i) => [n, i]));
    const fenceRank = (n: number): number => (n === UNCOVERED ? -1 : (ranks.get(n) as number));
    const snapshot = (s: number): void => {
      for (const word of order) {
        const known = s !== 0 && word < (h.snapshots.length[s] as number);
        into.push(known ? rank(word, h.snapshots.words[(h.snapshots.at[s] as number) + word] as number) : 1);
      }
    };
    for (const word of order) {
      for (let board = 1; board <= this.boards; board++)
        into.push(rank(word, this.rows[board * h.stride + word] as number));
      for (const a of live) {
        for (const which of [CUR, PEND, REL, OWN, UNLOCKED]) {
          into.push(rank(word, this.rows[this.row(a, which) + word] as number));
        }
      }
      const list = slots.get(word) as number[];
      into.push(list.length);
      for (const slot of list) {
        into.push(
          h.messages[slot + VALUE] as number,
          fenceRank(h.messages[slot + FENCE_NUMBER] as number),
          fenceRank(h.messages[slot + COVERED] as number),
          place(h.messages[slot + TIME] as number),
          h.messages[slot + WELDED] as number,
        );
        snapshot(h.messages[slot + SNAPSHOT] as number);
      }
    }
    for (const a of live) {
      for (const of of byActor) into.push(fenceRank(of[a] as number));
      into.push(this.since[a] === NEVER ? -1 : place(this.since[a] as number), this.high[a] as number);
      snapshot(this.released[a] as number);
    }
    for (const f of [...this.boardFence, ...kept]) into.push(fenceRank(f));
  }
}
