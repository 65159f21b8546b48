// SPDX-License-Identifier: GPL-2.0-only
/**
 * In which order actors got to know what they know. Two logs an actor: log `a` has each place in coherence order by
 * which the view PEND of actor a grew, log `actors + a` its own stores only. A view that is published is always what
 * some logs held up to some positions, so it is told by these positions, and an actor that has one takes in what has
 * come to the logs since it took from them last: no view is ever copied, and no entry is read by an actor twice.
 */

const SHORTEST = 256;
/** Words of a log at which all histories are to be given up, so that long runs stay bounded. */
const LONGEST = 1 << 19;

export class Growth {
  /** Of each log its entries: word and stamp, side by side. */
  readonly entries: Int32Array[] = [];
  /** Of each log where its next entry goes. Positions are offsets into `entries`, two for an entry. */
  end: Int32Array = new Int32Array(0);
  /** A log is as long as it should get. */
  crowded = false;

  reset(logs: number): void {
    if (this.end.length !== logs) this.end = new Int32Array(logs);
    while (this.entries.length < logs) this.entries.push(new Int32Array(SHORTEST));
    this.clear();
  }

  clear(): void {
    this.end.fill(0);
    this.crowded = false;
  }

  append(log: number, word: number, stamp: number): void {
    const at = this.end[log] as number;
    let entries = this.entries[log] as Int32Array;
    if (at === entries.length) entries = this.widen(log);
    entries[at] = word;
    entries[at + 1] = stamp;
    this.end[log] = at + 2;
  }

  private widen(log: number): Int32Array {
    const old = this.entries[log] as Int32Array;
    const wide = new Int32Array(old.length * 2);
    wide.set(old);
    this.entries[log] = wide;
    if (wide.length >= LONGEST) this.crowded = true;
    return wide;
  }

  /** Raises a view, dense by word, to what a log held up to a position. */
  raise(view: Int32Array, log: number, upTo: number): void {
    const entries = this.entries[log] as Int32Array;
    for (let i = 0; i < upTo; i += 2) {
      const word = entries[i] as number;
      if ((entries[i + 1] as number) > (view[word] as number)) view[word] = entries[i + 1] as number;
    }
  }
}
