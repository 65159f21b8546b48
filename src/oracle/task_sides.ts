// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the consistency oracle knows of each task: its stack of patched functions, its side of the transition, and what
 * it has run since it last could switch. Columns by slot, so that a million tasks fit.
 */
import type { TraceRecord } from '../trace/events.js';
import { FramePool, NONE, wordFunc, wordVersion } from './frames.js';
import { maskWords, type PatchModel, PHASE_OF } from './patch_model.js';
import { TaskSlots, widened } from './task_slots.js';

export class TaskSides {
  readonly slots: TaskSlots;
  readonly frames = new FramePool();
  /** Innermost frame. */
  top = new Int32Array(0);
  depth = new Int32Array(0);
  /** Outermost frames that are not judged: they were there when a transition was forced. */
  tainted = new Int32Array(0);
  /** 1: the next entry is not judged, it may have been decided before a transition was forced. */
  grace = new Int8Array(0);
  private forceSerial = new Int32Array(0);
  private serial = new Int32Array(0);
  private side = new Int8Array(0);
  /** Functions run since the last point at which the task could switch: `unitWords` words of bits by slot. */
  private unit = new Int32Array(0);
  private readonly unitWords: number;
  /** 1: it was switched in the middle of such a stretch. 2: a switch with frames in the way is known. */
  suspect = new Int8Array(0);
  /** The last judged entry of the stretch, for reports. */
  lastWord = new Int32Array(0);
  lastSeq = new Float64Array(0);
  lastActor = new Int32Array(0);
  /** The last change of patch_state, for reports. */
  switchSeq = new Float64Array(0);
  switchActor = new Int32Array(0);
  switchHow = new Int8Array(0);

  constructor(
    private readonly model: PatchModel,
    functions: number,
  ) {
    this.unitWords = maskWords(functions);
    this.slots = new TaskSlots((n) => this.widen(n));
  }

  /** Slot of a task, made when it is new. */
  claim(pid: number): number {
    const known = this.slots.find(pid);
    if (known >= 0) return known;
    const s = this.slots.add(pid);
    this.top[s] = NONE;
    this.depth[s] = 0;
    this.tainted[s] = 0;
    this.grace[s] = 0;
    this.forceSerial[s] = 0;
    this.serial[s] = 0;
    this.suspect[s] = 0;
    this.switchSeq[s] = 0;
    this.clearUnit(s);
    return s;
  }

  forget(pid: number): void {
    const s = this.slots.find(pid);
    if (s < 0) return;
    this.dropFrames(s);
    this.slots.remove(pid);
  }

  /** The task cannot go on: its stack is given up. */
  dropFrames(s: number): void {
    let top = this.top[s] as number;
    while (top !== NONE) top = this.frames.pop(top);
    this.top[s] = NONE;
    this.depth[s] = 0;
    this.tainted[s] = 0;
  }

  sideOfTask(s: number): number {
    const { model } = this;
    if (model.phase === PHASE_OF.completing) return model.target;
    return this.serial[s] === model.serial ? (this.side[s] as number) : model.initial;
  }

  setSide(s: number, side: number): void {
    this.serial[s] = this.model.serial;
    this.side[s] = side;
  }

  push(s: number, word: number, r: TraceRecord): void {
    this.top[s] = this.frames.push(this.top[s] as number, word, r.seq, r.actor);
    this.depth[s] = (this.depth[s] as number) + 1;
  }

  pop(s: number): void {
    this.top[s] = this.frames.pop(this.top[s] as number);
    const depth = (this.depth[s] as number) - 1;
    this.depth[s] = depth;
    if ((this.tainted[s] as number) > depth) this.tainted[s] = depth;
  }

  /** True at the first event of a task after a forced transition: what it carries from before is not judged. */
  waivePast(s: number): boolean {
    if (this.forceSerial[s] === this.model.forceSerial) return false;
    this.forceSerial[s] = this.model.forceSerial;
    this.tainted[s] = this.depth[s] as number;
    this.grace[s] = 1;
    this.suspect[s] = 0;
    this.clearUnit(s);
    return true;
  }

  /** A task that begins now carries nothing. */
  startsClean(s: number): void {
    this.forceSerial[s] = this.model.forceSerial;
  }

  /** The task is where it may switch. */
  boundary(s: number): void {
    this.clearUnit(s);
    if (this.suspect[s] === 1) this.suspect[s] = 0;
  }

  private clearUnit(s: number): void {
    const w = this.unitWords;
    for (let i = s * w; i < (s + 1) * w; i++) this.unit[i] = 0;
    this.lastWord[s] = NONE;
  }

  noteRun(s: number, func: number, word: number, r: TraceRecord): void {
    const at = s * this.unitWords + (func >>> 5);
    this.unit[at] = (this.unit[at] as number) | (1 << (func & 31));
    this.lastWord[s] = word;
    this.lastSeq[s] = r.seq;
    this.lastActor[s] = r.actor;
  }

  /** A function in question that the task has run in this stretch, or -1. */
  questionedInUnit(s: number): number {
    const { questioned } = this.model;
    for (let w = 0; w < questioned.length; w++) {
      const both = (this.unit[s * this.unitWords + w] as number) & (questioned[w] as number);
      if (both !== 0) return 32 * w + 31 - Math.clz32(both);
    }
    return -1;
  }

  noteSwitch(s: number, r: TraceRecord): void {
    this.switchSeq[s] = r.seq;
    this.switchActor[s] = r.actor;
    this.switchHow[s] = r.d;
  }

  /** Innermost frame of a function of `patch` whose version is that of `side`, or NONE. Tainted ones do not count. */
  frameOnSide(s: number, patch: number, side: number): number {
    const { frames, model } = this;
    let f = this.top[s] as number;
    for (let n = (this.depth[s] as number) - (this.tainted[s] as number); n > 0; n--) {
      const word = frames.word[f] as number;
      if (model.sideIn(patch, wordFunc(word), wordVersion(word)) === side) return f;
      f = frames.next[f] as number;
    }
    return NONE;
  }

  private widen(n: number): void {
    this.top = widened(this.top, n);
    this.depth = widened(this.depth, n);
    this.tainted = widened(this.tainted, n);
    this.grace = widened(this.grace, n);
    this.forceSerial = widened(this.forceSerial, n);
    this.serial = widened(this.serial, n);
    this.side = widened(this.side, n);
    this.unit = widened(this.unit, n * this.unitWords);
    this.suspect = widened(this.suspect, n);
    this.lastWord = widened(this.lastWord, n);
    this.lastSeq = widened(this.lastSeq, n);
    this.lastActor = widened(this.lastActor, n);
    this.switchSeq = widened(this.switchSeq, n);
    this.switchActor = widened(this.switchActor, n);
    this.switchHow = widened(this.switchHow, n);
  }
}
