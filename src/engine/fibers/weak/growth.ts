// SPDX-License-Identifier: GPL-2.0-only
/**
 * In which order actors got to know what they know. The log of an actor has each place in coherence order by which its
 * view PEND grew. A view that is published is always what some logs held up to some positions, so it is told by these
 * positions, and an actor that has one takes in what has come to the logs since it took from them last: no view is
 * ever copied, and no entry is read by an actor twice.
 *
 * Log `a` is all of actor a's, log `actors + a` only its own stores in it.
 */

const SHORTEST = 256;
/** Words of a log at which all histories are to be given up, so that long runs stay bounded. */
const LONGEST = 1 << 19;

/** The word of an entry: an actor's own stores have it inverted. */
export function wordOf(entry: number): number {
  return entry ^ (entry >> 31);
}

export class Growth {
  /** Of each actor its entries: word and stamp, side by side. */
  private readonly entries: Int32Array[] = [];
  /** Of each actor where its next entry goes. Positions are offsets into its entries, two for an entry. */
  end: Int32Array = new Int32Array(0);
  /** A log is as long as it should get. */
  crowded = false;
  private actors = 0;

  reset(actors: number): void {
    if (this.actors !== actors) this.end = new Int32Array(actors);
    this.actors = actors;
    while (this.entries.length < actors) this.entries.push(new Int32Array(SHORTEST));
    this.clear();
  }

  clear(): void {
    this.end.fill(0);
    this.crowded = false;
  }

  entriesOf(log: number): Int32Array {
    return this.entries[log < this.actors ? log : log - this.actors] as Int32Array;
  }

  /** Not own stores only. */
  isWhole(log: number): boolean {
    return log < this.actors;
  }

  /** `word` inverted: the actor's own store. */
  append(actor: number, word: number, stamp: number): void {
    const at = this.end[actor] as number;
    let entries = this.entries[actor] as Int32Array;
    if (at === entries.length) entries = this.widen(actor);
    entries[at] = word;
    entries[at + 1] = stamp;
    this.end[actor] = at + 2;
  }

  private widen(actor: number): Int32Array {
    const old = this.entries[actor] as Int32Array;
    const wide = new Int32Array(old.length * 2);
    wide.set(old);
    this.entries[actor] = wide;
    if (wide.length >= LONGEST) this.crowded = true;
    return wide;
  }

  /** Raises a view, dense by word, to what a log held up to a position. */
  raise(view: Int32Array, log: number, upTo: number): void {
    const entries = this.entriesOf(log);
    for (let i = 0; i < upTo; i += 2) {
      const entry = entries[i] as number;
      if (entry >= 0 && !this.isWhole(log)) continue;
      const word = wordOf(entry);
      if ((entries[i + 1] as number) > (view[word] as number)) view[word] = entries[i + 1] as number;
    }
  }
}
