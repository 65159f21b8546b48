// SPDX-License-Identifier: GPL-2.0-only
/**
 * The stores to each word that a load may still read: per written word a ring of messages, in coherence order. The
 * oldest message leaves a full ring, so memory is bounded; that only takes staleness away, never order.
 *
 * Words get a dense number when they are first written. A word that nobody has written has no history and costs a
 * look at `wordAt`.
 */
import {
  COVERED,
  FENCE_NUMBER,
  MESSAGE_SHIFT,
  SNAPSHOT,
  STAMP,
  TIME,
  VALUE,
  WELDED,
  WRITER,
} from './message.js';
import { Snapshots } from './snapshots.js';

/** `covered` of a message that no strong fence has made visible to all. */
export const UNCOVERED = 0x7fff_ffff;

/** Stamps begin anew before they come to the end of an Int32. */
const LATEST = 0x7000_0000;

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
  /** Stamps are near the end of what a word holds: the histories have to begin anew. */
  late = false;
  /** Of each message its fields (message.ts), at `slotOf`. */
  readonly messages: Int32Array;

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
    this.messages = new Int32Array((most * depth) << MESSAGE_SHIFT);
  }

  reset(heap: Int32Array): void {
    this.clear();
    this.heap = heap;
    if (this.wordAt.length < heap.length) this.wordAt = new Int32Array(heap.length);
  }

  /** Forgets all histories: what is in the heap is all there is. */
  clear(): void {
    this.late = false;
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
    const slot = this.slotOf(word, newest + 1);
    this.top[word] = newest + 1;
    this.count[word] = 1;
    this.fill(slot, value, stamp, time, 0, 0, -1);
    this.messages[slot + COVERED] = 0;
    return stamp;
  }

  /** Where the fields of a message are. */
  slotOf(word: number, number: number): number {
    return (word * this.depth + (number & this.mask)) << MESSAGE_SHIFT;
  }

  stampOf(word: number, number: number): number {
    return this.messages[this.slotOf(word, number) + STAMP] as number;
  }

  /** A slot for a new newest message; its fields are still to be filled. */
  push(word: number): number {
    if (this.count[word] === this.depth) this.shed(word);
    const number = (this.top[word] as number) + 1;
    this.top[word] = number;
    this.count[word] = (this.count[word] as number) + 1;
    return this.slotOf(word, number);
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
    if (stamp >= LATEST) this.late = true;
    this.messages[slot + VALUE] = value;
    this.messages[slot + STAMP] = stamp;
    this.messages[slot + TIME] = time;
    this.messages[slot + SNAPSHOT] = snap;
    this.messages[slot + FENCE_NUMBER] = fence;
    this.messages[slot + COVERED] = UNCOVERED;
    this.messages[slot + WRITER] = who;
    this.messages[slot + WELDED] = 0;
  }

  /** A slot for a message `below` places under the newest; the younger ones move up. */
  wedge(word: number, below: number): number {
    let slot = this.push(word);
    let number = this.top[word] as number;
    for (let i = 0; i < below; i++) {
      const from = this.slotOf(word, --number);
      this.copy(from, slot);
      slot = from;
    }
    return slot;
  }

  /** The time when the message in `slot`, or one after it in coherence order, was written first. */
  earliest(word: number, slot: number): number {
    let least = this.messages[slot + TIME] as number;
    for (let i = this.top[word] as number; ; i--) {
      const later = this.slotOf(word, i);
      if (later === slot) return least;
      least = Math.min(least, this.messages[later + TIME] as number);
    }
  }

  private copy(from: number, to: number): void {
    this.messages.copyWithin(to, from, from + (1 << MESSAGE_SHIFT));
  }

  /** Drops the oldest message. */
  private shed(word: number): void {
    const left = (this.count[word] as number) - 1;
    const slot = this.slotOf(word, (this.top[word] as number) - left);
    this.snapshots.drop(this.messages[slot + SNAPSHOT] as number);
    this.count[word] = left;
  }
}
