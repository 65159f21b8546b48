// SPDX-License-Identifier: GPL-2.0-only
/**
 * What each actor knows of the stores of all, as views: for every written word the oldest place in coherence order
 * that is still compatible with what the actor has done. Why the rules are as they are is told in view.ts.
 */

import { Growth, wordOf } from './growth.js';
import type { History } from './history.js';
import { FENCE_NUMBER, SNAPSHOT, STAMP, TIME } from './message.js';
import { CUR, NEVER, PEND } from './rows.js';

export class Knowledge {
  /** Of each word, `1 << width` long: what some full barrier has covered, then the views of each actor (rows.ts). */
  views = new Int32Array(0);
  width = 0;
  readonly growth = new Growth();
  protected actors = 0;
  /** Two of each actor. */
  protected logs = 0;
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
  /** Of actor and log: up to which position PEND has it; its own logs it has whole. */
  protected had = new Int32Array(0);
  /** The same of CUR, or less: it matters while there are reads that are not ordered. */
  private ordered = new Int32Array(0);
  /** While there are such reads: position in the actor's log up to which CUR has it. Otherwise CUR is PEND. */
  protected orderedUpTo = new Int32Array(0);

  constructor(protected readonly h: History) {}

  reset(actors: number, boards: number): void {
    if (this.actors !== actors || this.boards !== boards) {
      this.actors = actors;
      this.boards = boards;
      this.logs = 2 * actors;
      this.width = 32 - Math.clz32(2 * actors);
      const needed = this.h.most << this.width;
      if (this.views.length < needed) this.views = new Int32Array(needed);
      this.fence = new Int32Array(actors);
      this.pendingFence = new Int32Array(actors);
      this.since = new Int32Array(actors);
      this.sinceFence = new Int32Array(actors);
      this.high = new Uint8Array(actors);
      this.grew = new Uint8Array(actors);
      this.ownGrew = new Uint8Array(actors);
      this.had = new Int32Array(actors * this.logs);
      this.ordered = new Int32Array(actors * this.logs);
      this.orderedUpTo = new Int32Array(actors);
      this.h.snapshots.layOut(this.logs);
      this.growth.reset(actors);
    }
    this.fences = 0;
    this.clock = 0;
    this.forget();
  }

  /** All know all: what a full barrier of every actor at once would do. The history must be cleared with it. */
  forget(): void {
    this.growth.clear();
    this.fence.fill(0);
    this.pendingFence.fill(0);
    this.since.fill(NEVER);
    this.high.fill(0);
    this.grew.fill(0);
    this.ownGrew.fill(0);
    this.had.fill(0);
    this.ordered.fill(0);
    for (let a = 0; a < this.actors; a++) {
      const own = a * this.logs + a;
      this.had[own] = this.had[own + this.actors] = NEVER;
      this.ordered[own] = this.ordered[own + this.actors] = NEVER;
    }
  }

  /** Begins the views of a new word. */
  open(word: number): void {
    const first = word << this.width;
    const end = first + 1 + 2 * this.actors;
    for (let at = first; at < end; at++) this.views[at] = 0;
  }

  /** Where an actor's views of a word are. */
  at(actor: number, word: number): number {
    return (word << this.width) + 1 + 2 * actor;
  }

  /** An actor reads the message in `slot`. `acquire`: the read comes before all that the actor does later. */
  read(actor: number, word: number, slot: number, acquire: boolean): void {
    const h = this.h;
    const { views } = this;
    const mine = this.at(actor, word);
    const stamp = h.messages[slot + STAMP] as number;
    const before = this.growth.end[actor] as number;
    if (stamp > (views[mine + CUR] as number)) views[mine + CUR] = stamp;
    if (stamp > (views[mine + PEND] as number)) {
      views[mine + PEND] = stamp;
      this.grown(actor, word, stamp);
    }
    const fence = h.messages[slot + FENCE_NUMBER] as number;
    const snapshot = h.messages[slot + SNAPSHOT] as number;
    if (acquire) {
      if (!this.older(actor, slot)) this.order(actor);
      if (snapshot !== 0) {
        if (this.since[actor] === NEVER) this.join(actor, snapshot, true);
        else this.joinOrdered(actor, snapshot);
      }
      if (fence > (this.fence[actor] as number)) this.fence[actor] = fence;
      if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
      return;
    }
    const fresh = snapshot !== 0 && this.join(actor, snapshot, false);
    if (fence > (this.pendingFence[actor] as number)) this.pendingFence[actor] = fence;
    const unordered = this.since[actor] !== NEVER;
    if (
      unordered
        ? snapshot !== 0 || h.gap > 1 || fence > (this.sinceFence[actor] as number)
        : fresh || fence > (this.fence[actor] as number)
    ) {
      this.unordered(actor, word, slot, before);
    }
  }

  /** PEND has grown at a word. */
  protected grown(actor: number, word: number, stamp: number): void {
    this.grew[actor] = 1;
    this.growth.append(actor, word, stamp);
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

  /** A read that is not ordered before the next load; the actor's log ended at `before` when it began. */
  private unordered(actor: number, word: number, slot: number, before: number): void {
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
      this.orderedUpTo[actor] = before;
      return;
    }
    if (time < (this.since[actor] as number)) this.since[actor] = time;
    if ((this.h.messages[slot + FENCE_NUMBER] as number) > (this.sinceFence[actor] as number))
      this.high[actor] = 1;
  }

  /** PEND takes in a snapshot, and so does CUR if it is PEND and stays so (`both`); true if PEND lacked some of it. */
  private join(actor: number, snapshot: number, both: boolean): boolean {
    const { views, had, growth, logs, width } = this;
    const { words, length, shift } = this.h.snapshots;
    const mine = 1 + 2 * actor;
    const first = snapshot << shift;
    const end = first + (length[snapshot] as number);
    let lacked = false;
    for (let p = first; p < end; p += 2) {
      const log = words[p] as number;
      const upTo = words[p + 1] as number;
      const h = actor * logs + log;
      let i = had[h] as number;
      if (upTo <= i) continue;
      had[h] = upTo;
      if (both) this.ordered[h] = upTo;
      const entries = growth.entriesOf(log);
      const all = growth.isWhole(log);
      for (; i < upTo; i += 2) {
        const entry = entries[i] as number;
        if (entry >= 0 && !all) continue;
        const word = wordOf(entry);
        const at = (word << width) + mine;
        const stamp = entries[i + 1] as number;
        if (stamp <= (views[at + PEND] as number)) continue;
        views[at + PEND] = stamp;
        if (both) views[at + CUR] = stamp;
        growth.append(actor, word, stamp);
        lacked = true;
      }
    }
    if (lacked) this.grew[actor] = 1;
    return lacked;
  }

  /** PEND and CUR take in a snapshot while CUR is not PEND. */
  private joinOrdered(actor: number, snapshot: number): void {
    const { views, had, ordered, growth, logs } = this;
    const { words, length, shift } = this.h.snapshots;
    const first = snapshot << shift;
    const end = first + (length[snapshot] as number);
    for (let p = first; p < end; p += 2) {
      const log = words[p] as number;
      const upTo = words[p + 1] as number;
      const h = actor * logs + log;
      /* What it has published itself, it need not have ordered. */
      if (log === actor) this.catchUp(actor, upTo);
      let i = ordered[h] as number;
      if (upTo <= i) continue;
      ordered[h] = upTo;
      if (upTo > (had[h] as number)) had[h] = upTo;
      const entries = growth.entriesOf(log);
      const all = growth.isWhole(log);
      for (; i < upTo; i += 2) {
        const entry = entries[i] as number;
        if (entry >= 0 && !all) continue;
        const word = wordOf(entry);
        const at = this.at(actor, word);
        const stamp = entries[i + 1] as number;
        if (stamp > (views[at + CUR] as number)) views[at + CUR] = stamp;
        if (stamp <= (views[at + PEND] as number)) continue;
        views[at + PEND] = stamp;
        this.grown(actor, word, stamp);
      }
    }
  }

  /** Boards and the like: PEND takes in what logs held up to these positions, one for each log from `start` on. */
  protected takeIn(actor: number, positions: Int32Array, start: number): void {
    const s = this.h.snapshots.take(positions, start, this.logs);
    const before = this.growth.end[actor] as number;
    this.join(actor, s, false);
    this.h.snapshots.drop(s);
    this.grew[actor] = 1;
    if (this.since[actor] !== NEVER) return;
    this.since[actor] = 0;
    this.orderedUpTo[actor] = before;
  }

  /** A read barrier: what the actor has read comes before its later loads. */
  order(actor: number): void {
    if (this.since[actor] === NEVER) return;
    this.catchUp(actor, this.growth.end[actor] as number);
    this.fence[actor] = this.pendingFence[actor] as number;
    this.allOrdered(actor);
  }

  /** CUR is PEND. */
  protected allOrdered(actor: number): void {
    this.since[actor] = NEVER;
    const first = actor * this.logs;
    for (let x = first; x < first + this.logs; x++) this.ordered[x] = this.had[x] as number;
  }

  /** CUR takes in the actor's log up to a position. */
  protected catchUp(actor: number, upTo: number): void {
    const { views } = this;
    const entries = this.growth.entriesOf(actor);
    let i = this.orderedUpTo[actor] as number;
    for (; i < upTo; i += 2) {
      const at = this.at(actor, wordOf(entries[i] as number)) + CUR;
      const stamp = entries[i + 1] as number;
      if (stamp > (views[at] as number)) views[at] = stamp;
    }
    if (upTo > (this.orderedUpTo[actor] as number)) this.orderedUpTo[actor] = upTo;
  }
}
