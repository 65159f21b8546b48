// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which of the messages that it may read a load does read. Every choice is asked for, so that it can be steered and
 * replayed; that loads go on reading an old message for ever is excluded, so that waiting loops end.
 */
export class Staleness {
  /** Stale reads in a row, and where the last of them was, by actor and word. */
  private waited = new Uint8Array(0);
  private lagged = new Int32Array(0);

  constructor(
    private readonly patience: number,
    private readonly persists: boolean,
  ) {}

  reset(actors: number, words: number): void {
    this.waited = new Uint8Array(actors * words);
    this.lagged = new Int32Array(actors * words);
  }

  /** A new word has this number now. */
  open(at: number): void {
    this.waited[at] = 0;
  }

  /** `at`: number of actor and word; `candidates`: `n` slots, the newest first. */
  pick(at: number, candidates: Int32Array, n: number, choose: (n: number) => number): number {
    const waited = this.waited[at] as number;
    const slot = waited < this.patience ? this.draw(at, candidates, n, choose) : (candidates[0] as number);
    this.waited[at] = slot === candidates[0] ? 0 : waited + 1;
    this.lagged[at] = slot;
    return slot;
  }

  /** What a CPU has not heard of, it often has not heard of for a while: a stale message is rather read again than not. */
  private draw(at: number, candidates: Int32Array, n: number, choose: (n: number) => number): number {
    if (this.persists && this.waited[at] !== 0) {
      const lagged = this.lagged[at] as number;
      for (let i = 1; i < n; i++) if (candidates[i] === lagged && choose(4) !== 0) return lagged;
    }
    return candidates[choose(n)] as number;
  }
}
