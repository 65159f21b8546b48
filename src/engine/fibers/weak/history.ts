// SPDX-License-Identifier: GPL-2.0-only
/**
 * The stores to each word that a load may still read: per written word a ring of messages, in coherence order. The
 * oldest message leaves a full ring, so memory is bounded; that only takes staleness away, never order.
 *
 * Words get a dense number when they are first written. A word that nobody has written has no history and costs a
 * look at `wordAt`.
 */
import { Snapshots } from './snapshots.js';

/** `covered` of a message that no strong fence has made visible to all. */
export const UNCOVERED = 0x7fff_ffff;

export class History {
  readonly depth: number;
  readonly mask: number;
  readonly snapshots = new Snapshots();
  heap: Int32Array = new Int32Array(0);
  /** Number of the word at an address; 0: never written. */
  wordAt: Int32Array = new Int32Array(0);
  readonly addrOf: Int32Array;
  /** Words in use are 1 to words - 1. */
  words = 1;
  /** Of each word: running number of its newest message, and how many messages there are (at least 1). */
  readonly top: Int32Array;
  readonly count: Int32Array;
  /** Of each message (slot `word * depth + (number & mask)`): the value, and its place in coherence order. */
  readonly value: Int32Array;
  readonly stamp: Int32Array;
  /** When it was written: count of stores of the machine. */
  readonly time: Int32Array;
  /** The snapshot that it carries: what its reader knows once it orders the read before something. */
  readonly snapshot: Int32Array;
  /** The latest strong fence that happens before it. */
  readonly fence: Int32Array;
  /** The first strong fence that made it, or a later message of the word, visible to all that comes after. */
  readonly covered: Int32Array;
  /** -1: initial, or poked. */
  readonly writer: Int32Array;
  /** 1: a read-modify-write that read the message before it; nothing may come between. */
  readonly welded: Int32Array;

  /** `words`: most words with a history; `depth`: most messages of one, a power of two. */
  constructor(
    readonly most: number,
    depth: number,
    readonly gap: number,
  ) {
    this.depth = depth;
    this.mask = depth - 1;
    this.addrOf = new Int32Array(most);
    this.top = new Int32Array(most);
    this.count = new Int32Array(most);
    const slots = most * depth;
    this.value = new Int32Array(slots);
    this.stamp = new Int32Array(slots);
    this.time = new Int32Array(slots);
    this.snapshot = new Int32Array(slots);
    this.fence = new Int32Array(slots);
    this.covered = new Int32Array(slots);
    this.writer = new Int32Array(slots);
    this.welded = new Int32Array(slots);
  }

  reset(heap: Int32Array): void {
    this.clear();
    this.heap = heap;
    if (this.wordAt.length < heap.length) this.wordAt = new Int32Array(heap.length);
  }

  /** Forgets all histories: what is in the heap is all there is. */
  clear(): void {
    for (let w = 1; w < this.words; w++) this.wordAt[this.addrOf[w] as number] = 0;
    this.words = 1;
    this.snapshots.reset();
  }

  get full(): boolean {
    return this.words >= this.most;
  }

  /** Gives the word at `addr` a history that starts with what the heap holds. */
  open(addr: number): number {
    const word = this.words++;
    this.wordAt[addr] = word;
    this.addrOf[word] = addr;
    this.count[word] = 0;
    this.top[word] = 0;
    this.begin(word, this.heap[addr] as number, 0);
    return word;
  }

  /** One message, that all have seen. */
  begin(word: number, value: number, time: number): number {
    const newest = this.top[word] as number;
    const stamp = this.count[word] === 0 ? 0 : this.stampOf(word, newest) + this.gap;
    while ((this.count[word] as number) > 0) this.shed(word);
    const slot = word * this.depth + ((newest + 1) & this.mask);
    this.top[word] = newest + 1;
    this.count[word] = 1;
    this.fill(slot, value, stamp, time, 0, 0, -1);
    this.covered[slot] = 0;
    return stamp;
  }

  stampOf(word: number, number: number): number {
    return this.stamp[word * this.depth + (number & this.mask)] as number;
  }

  /** A slot for a new newest message; its fields are still to be filled. */
  push(word: number): number {
    if (this.count[word] === this.depth) this.shed(word);
    const number = (this.top[word] as number) + 1;
    this.top[word] = number;
    this.count[word] = (this.count[word] as number) + 1;
    return word * this.depth + (number & this.mask);
  }

  fill(
    slot: number,
    value: number,
    stamp: number,
    time: number,
    snap: number,
    fence: number,
    who: number,
  ): void {
    this.value[slot] = value;
    this.stamp[slot] = stamp;
    this.time[slot] = time;
    this.snapshot[slot] = snap;
    this.fence[slot] = fence;
    this.covered[slot] = UNCOVERED;
    this.writer[slot] = who;
    this.welded[slot] = 0;
  }

  /** A slot for a message `below` places under the newest; the younger ones move up. */
  wedge(word: number, below: number): number {
    let slot = this.push(word);
    let number = this.top[word] as number;
    for (let i = 0; i < below; i++) {
      const from = word * this.depth + (--number & this.mask);
      this.copy(from, slot);
      slot = from;
    }
    return slot;
  }

  /** The time when the message in `slot`, or one after it in coherence order, was written first. */
  earliest(word: number, slot: number): number {
    let least = this.time[slot] as number;
    for (let i = this.top[word] as number; ; i--) {
      const later = word * this.depth + (i & this.mask);
      if (later === slot) return least;
      least = Math.min(least, this.time[later] as number);
    }
  }

  private copy(from: number, to: number): void {
    for (const field of [this.value, this.stamp, this.time, this.snapshot, this.fence]) {
      field[to] = field[from] as number;
    }
    for (const field of [this.covered, this.writer, this.welded]) field[to] = field[from] as number;
  }

  /** Drops the oldest message. */
  private shed(word: number): void {
    const left = (this.count[word] as number) - 1;
    const slot = word * this.depth + (((this.top[word] as number) - left) & this.mask);
    this.snapshots.drop(this.snapshot[slot] as number);
    this.count[word] = left;
  }
}
