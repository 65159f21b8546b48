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
  /**
   * Version of the actor's knowledge when the view was fixed: later ones know all of that actor's that earlier ones
   * know, if they are `whole`: all that the actor knew then.
   */
  version: Int32Array = new Int32Array(256);
  whole: Int32Array = new Int32Array(256);
  /** The actor whose knowledge it was. */
  owner: Int32Array = new Int32Array(256);
  private refs: Int32Array = new Int32Array(256);
  private sizeClass: Int32Array = new Int32Array(256);
  /** Free snapshots of each class, linked through `next`. */
  private readonly free = new Int32Array(CLASSES);
  private next: Int32Array = new Int32Array(256);
  private used = 1;
  private arenaUsed = 0;

  reset(): void {
    this.used = 1;
    this.arenaUsed = 0;
    this.free.fill(0);
  }

  /** Snapshots that exist, dead ones that wait for their next use included. */
  get size(): number {
    return this.used - 1;
  }

  /** Copies `length` words of `from` at `start`; the caller owns one reference. */
  take(
    from: Int32Array,
    start: number,
    length: number,
    version: number,
    whole: number,
    owner: number,
  ): number {
    let c = 0;
    while (SMALLEST << c < length) c++;
    let s = this.free[c] as number;
    if (s !== 0) this.free[c] = this.next[s] as number;
    else s = this.fresh(c);
    const words = this.words;
    const at = this.at[s] as number;
    /* The built-in copy is the faster one from about this length. */
    if (length > 96) words.set(from.subarray(start, start + length), at);
    else for (let x = 0; x < length; x++) words[at + x] = from[start + x] as number;
    this.length[s] = length;
    this.refs[s] = 1;
    this.version[s] = version;
    this.whole[s] = whole;
    this.owner[s] = owner;
    return s;
  }

  /** A new snapshot that knows what either of two knows; the caller owns one reference. */
  union(a: number, b: number, version: number, owner: number): number {
    const long = (this.length[a] as number) >= (this.length[b] as number) ? a : b;
    const short = long === a ? b : a;
    const s = this.take(this.words, this.at[long] as number, this.length[long] as number, version, 0, owner);
    const words = this.words;
    const at = this.at[s] as number;
    const from = this.at[short] as number;
    const n = this.length[short] as number;
    for (let x = 0; x < n; x++) {
      const v = words[at + x] as number;
      const more = ((words[from + x] as number) - v) | 0;
      words[at + x] = v + (more & ~(more >> 31));
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
      this.version = grown(this.version, wide);
      this.whole = grown(this.whole, wide);
      this.owner = grown(this.owner, wide);
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
