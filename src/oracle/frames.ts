// SPDX-License-Identifier: GPL-2.0-only
/**
 * Call stacks of patched functions, for all tasks in one pool: frame i lies on frame next(i), the outermost on NONE.
 * A frame is a function and its version in one word, and where in the trace it was entered.
 */
import { widened } from './task_slots.js';

export const NONE = -1;

/** At first. */
const FRAMES = 16;

export function frameWord(func: number, version: number): number {
  return (func << 8) | version;
}
export function wordFunc(word: number): number {
  return word >>> 8;
}
export function wordVersion(word: number): number {
  return word & 0xff;
}

export class FramePool {
  word = new Int32Array(FRAMES);
  next = new Int32Array(FRAMES);
  seq = new Float64Array(FRAMES);
  actor = new Int32Array(FRAMES);
  private free = NONE;
  private used = 0;

  /** Puts a frame on `top`; returns the new top. */
  push(top: number, word: number, seq: number, actor: number): number {
    let i = this.free;
    if (i === NONE) {
      if (this.used === this.word.length) this.grow();
      i = this.used++;
    } else {
      this.free = this.next[i] as number;
    }
    this.word[i] = word;
    this.next[i] = top;
    this.seq[i] = seq;
    this.actor[i] = actor;
    return i;
  }

  /** Takes the frame off; returns the one below. */
  pop(top: number): number {
    const below = this.next[top] as number;
    this.next[top] = this.free;
    this.free = top;
    return below;
  }

  private grow(): void {
    const n = 2 * this.word.length;
    this.word = widened(this.word, n);
    this.next = widened(this.next, n);
    this.seq = widened(this.seq, n);
    this.actor = widened(this.actor, n);
  }
}
