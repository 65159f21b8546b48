// SPDX-License-Identifier: GPL-2.0-only
/**
 * Views that messages carry: positions in the logs of growth.ts, shared by the messages written under the same view,
 * and counted. A view has a pair (log, position) for each log of which it has something. Nothing is allocated from JS
 * once the arena has its size.
 */

function grown(old: Int32Array, length: number): Int32Array {
  const wider = new Int32Array(length);
  wider.set(old);
  return wider;
}

/** Snapshot 0 is the empty view. */
export class Snapshots {
  /** The arena: the pairs of snapshot s from `s << shift`, `length[s]` words of it. */
  words: Int32Array = new Int32Array(1 << 12);
  length: Int32Array = new Int32Array(256);
  /** A snapshot has room for a pair of each log. */
  shift = 0;
  private refs: Int32Array = new Int32Array(256);
  /** Free ones, linked through `next`; 0: none. */
  private free = 0;
  private next: Int32Array = new Int32Array(256);
  private used = 1;

  reset(): void {
    this.used = 1;
    this.free = 0;
  }

  /** For views over so many logs; none may be kept. */
  layOut(logs: number): void {
    this.shift = 32 - Math.clz32(2 * logs - 1);
  }

  /** Snapshots that exist, dead ones that wait for their next use included. */
  get size(): number {
    return this.used - 1;
  }

  /** What one log holds up to a position; the caller owns one reference. */
  single(log: number, position: number): number {
    const s = this.fresh();
    const at = s << this.shift;
    this.words[at] = log;
    this.words[at + 1] = position;
    this.length[s] = 2;
    return s;
  }

  /** The positions in `from`, one for each log from `start` on; the caller owns one reference. */
  take(from: Int32Array, start: number, logs: number): number {
    const s = this.fresh();
    const { words } = this;
    const first = s << this.shift;
    let at = first;
    for (let log = 0; log < logs; log++) {
      const position = from[start + log] as number;
      if (position === 0) continue;
      words[at++] = log;
      words[at++] = position;
    }
    this.length[s] = at - first;
    return s;
  }

  /** Raises positions, one for each log from `start` on, to those of a snapshot; false if they had all. */
  raise(to: Int32Array, start: number, s: number): boolean {
    const { words } = this;
    const first = s << this.shift;
    const end = first + (this.length[s] as number);
    let lacked = false;
    for (let at = first; at < end; at += 2) {
      const log = start + (words[at] as number);
      const position = words[at + 1] as number;
      if (position <= (to[log] as number)) continue;
      to[log] = position;
      lacked = true;
    }
    return lacked;
  }

  /** Positions, one for each log from `start` on, are not behind a snapshot's. */
  isWithin(s: number, positions: Int32Array, start: number): boolean {
    const { words } = this;
    const first = s << this.shift;
    const end = first + (this.length[s] as number);
    for (let at = first; at < end; at += 2)
      if ((words[at + 1] as number) > (positions[start + (words[at] as number)] as number)) return false;
    return true;
  }

  hold(s: number): void {
    if (s !== 0) this.refs[s] = (this.refs[s] as number) + 1;
  }

  drop(s: number): void {
    if (s === 0) return;
    const left = (this.refs[s] as number) - 1;
    this.refs[s] = left;
    if (left > 0) return;
    this.next[s] = this.free;
    this.free = s;
  }

  private fresh(): number {
    let s = this.free;
    if (s !== 0) this.free = this.next[s] as number;
    else s = this.another();
    this.refs[s] = 1;
    return s;
  }

  private another(): number {
    const s = this.used++;
    if (s >= this.length.length) {
      const wide = this.length.length * 2;
      this.length = grown(this.length, wide);
      this.refs = grown(this.refs, wide);
      this.next = grown(this.next, wide);
    }
    if ((s + 1) << this.shift > this.words.length) this.words = grown(this.words, this.words.length * 2);
    return s;
  }
}
