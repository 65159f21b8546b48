// SPDX-License-Identifier: GPL-2.0-only
/**
 * Who has accessed which word in an execution, and how often an actor has come to a word at a place of the sources.
 * Counters are found by hash, and two that fall together count as one: all that suffers is how evenly stalls spread.
 */
import { bit } from './mask.js';

const BITS = 14;
const FIRST_WORDS = 1 << 16;
/** Words above are not told apart: no heap is so large, and a broken kernel follows wild pointers. */
const MOST_WORDS = 1 << 24;

export class Visits {
  private words = FIRST_WORDS;
  /** Bit masks of actors, by word. */
  private touched = new Int32Array(FIRST_WORDS);
  private written = new Int32Array(FIRST_WORDS);
  /** Writes so far, by word. */
  private versions = new Int32Array(FIRST_WORDS);
  /** By actor, word and place: the version at the last visit, the different ones so far, and visits of the last. */
  private readonly version = new Int32Array(1 << BITS);
  private readonly states = new Int32Array(1 << BITS);
  private readonly times = new Int32Array(1 << BITS);

  reset(): void {
    for (const a of [this.touched, this.written, this.versions, this.states]) a.fill(0);
  }

  /** An access was made. */
  note(actor: number, addr: number, writes: boolean): void {
    if (addr < 0 || addr >= MOST_WORDS) return;
    if (addr >= this.words) this.grow(addr);
    const { touched, written, versions } = this;
    touched[addr] = (touched[addr] as number) | bit(actor);
    if (!writes) return;
    written[addr] = (written[addr] as number) | bit(actor);
    versions[addr] = (versions[addr] as number) + 1;
  }

  /** Whether others have made accesses to the word that conflict with one of this kind. */
  conflicts(actor: number, addr: number, writes: boolean): boolean {
    return (((writes ? this.touched : this.written)[addr] ?? 0) & ~bit(actor)) !== 0;
  }

  /** The actor is about to access the word. 1 / (states of the word that it met at this place * visits to this one). */
  share(actor: number, addr: number, site: number): number {
    const { version, states, times } = this;
    const now = this.versions[addr] ?? 0;
    const hash = Math.imul(addr * 32 + actor, 0x9e3779b1) ^ Math.imul(site, 0x85ebca6b);
    const at = (hash ^ (hash >>> 15)) & ((1 << BITS) - 1);
    if (states[at] === 0 || version[at] !== now) {
      version[at] = now;
      states[at] = (states[at] as number) + 1;
      times[at] = 0;
    }
    times[at] = (times[at] as number) + 1;
    return 1 / ((states[at] as number) * (times[at] as number));
  }

  private grow(addr: number): void {
    while (this.words <= addr) this.words *= 2;
    const larger = (old: Int32Array) => {
      const a = new Int32Array(this.words);
      a.set(old);
      return a;
    };
    this.touched = larger(this.touched);
    this.written = larger(this.written);
    this.versions = larger(this.versions);
  }
}
