// SPDX-License-Identifier: GPL-2.0-only
/**
 * Views that messages carry: copies of an actor's view, shared by the messages written under the same view, and
 * counted. Slots have sizes of powers of two, so that a machine with few words pays for few. Nothing is allocated
 * from JS once the arena has its size.
 */

const SMALLEST = 32;
const CLASSES = 12;

function grown(old: Int32Array, length: number): Int32Array {
  const wider = new Int32Array(length);
  wider.set(old);
  return wider;
}

/** Snapshot 0 is the empty view. */
export class Snapshots {
  /** The arena: entry x of snapshot s at `words[at[s] + x]`, for x < `length[s]`; beyond it the view says nothing. */
  words: Int32Array = new Int32Array(1 << 14);
  at: Int32Array = new Int32Array(256);
  length: Int32Array = new Int32Array(256);
  /** Differs for every snapshot ever taken since the last reset: tells whether a view was joined already. */
  uid: Int32Array = new Int32Array(256);
  private refs: Int32Array = new Int32Array(256);
  private sizeClass: Int32Array = new Int32Array(256);
  /** Free snapshots of each class, linked through `next`. */
  private readonly free = new Int32Array(CLASSES);
  private next: Int32Array = new Int32Array(256);
  private used = 1;
  private arenaUsed = 0;
  private uids = 0;

  reset(): void {
    this.used = 1;
    this.arenaUsed = 0;
    this.uids = 0;
    this.free.fill(0);
  }

  /** Snapshots that exist, dead ones that wait for their next use included. */
  get size(): number {
    return this.used - 1;
  }

  /** Copies `length` words of `from` at `start`; the caller owns one reference. */
  take(from: Int32Array, start: number, length: number): number {
    let c = 0;
    while (SMALLEST << c < length) c++;
    let s = this.free[c] as number;
    if (s !== 0) this.free[c] = this.next[s] as number;
    else s = this.fresh(c);
    const words = this.words;
    const at = this.at[s] as number;
    for (let x = 0; x < length; x++) words[at + x] = from[start + x] as number;
    this.length[s] = length;
    this.refs[s] = 1;
    this.uid[s] = ++this.uids;
    return s;
  }

  /** A new snapshot that knows what either of two knows; the caller owns one reference. */
  union(a: number, b: number): number {
    const long = (this.length[a] as number) >= (this.length[b] as number) ? a : b;
    const short = long === a ? b : a;
    const s = this.take(this.words, this.at[long] as number, this.length[long] as number);
    const words = this.words;
    const at = this.at[s] as number;
    const from = this.at[short] as number;
    for (let x = 0; x < (this.length[short] as number); x++) {
      if ((words[from + x] as number) > (words[at + x] as number)) words[at + x] = words[from + x] as number;
    }
    return s;
  }

  hold(s: number): void {
    if (s !== 0) this.refs[s] = (this.refs[s] as number) + 1;
  }

  drop(s: number): void {
    if (s === 0) return;
    const left = (this.refs[s] as number) - 1;
    this.refs[s] = left;
    if (left > 0) return;
    const c = this.sizeClass[s] as number;
    this.next[s] = this.free[c] as number;
    this.free[c] = s;
  }

  private fresh(c: number): number {
    const s = this.used++;
    if (s >= this.at.length) {
      const wide = this.at.length * 2;
      this.at = grown(this.at, wide);
      this.length = grown(this.length, wide);
      this.uid = grown(this.uid, wide);
      this.refs = grown(this.refs, wide);
      this.sizeClass = grown(this.sizeClass, wide);
      this.next = grown(this.next, wide);
    }
    const size = SMALLEST << c;
    if (this.arenaUsed + size > this.words.length) this.words = grown(this.words, this.words.length * 2);
    this.at[s] = this.arenaUsed;
    this.sizeClass[s] = c;
    this.arenaUsed += size;
    return s;
  }
}
