// SPDX-License-Identifier: GPL-2.0-only
/** Which tasks have functions of which patches on their stacks: a count for each task and patch. */
import type { TraceRecord } from '../trace/events.js';
import { TaskSlots, widened } from './task_slots.js';

export interface Holder {
  readonly pid: number;
  /** What it entered last of this patch. */
  readonly func: number;
  readonly seq: number;
  readonly actor: number;
  /** Tasks beside it that hold functions of the patch. */
  readonly others: number;
}

export class HeldVersions {
  private readonly slots: TaskSlots;
  /** Frames, by slot and patch. */
  private frames = new Int32Array(0);
  private lastFunc = new Int32Array(0);
  private lastSeq = new Float64Array(0);
  private lastActor = new Int32Array(0);
  /** Frames of all tasks, by patch. */
  private readonly total: Int32Array;

  constructor(private readonly patches: number) {
    this.total = new Int32Array(patches);
    this.slots = new TaskSlots((n) => {
      this.frames = widened(this.frames, n * patches);
      this.lastFunc = widened(this.lastFunc, n * patches);
      this.lastSeq = widened(this.lastSeq, n * patches);
      this.lastActor = widened(this.lastActor, n * patches);
    });
  }

  entered(r: TraceRecord, patch: number): void {
    let s = this.slots.find(r.task);
    if (s < 0) {
      s = this.slots.add(r.task);
      this.frames.fill(0, s * this.patches, (s + 1) * this.patches);
    }
    const at = s * this.patches + patch;
    this.frames[at] = (this.frames[at] as number) + 1;
    this.total[patch] = (this.total[patch] as number) + 1;
    this.lastFunc[at] = r.a;
    this.lastSeq[at] = r.seq;
    this.lastActor[at] = r.actor;
  }

  left(pid: number, patch: number): void {
    const s = this.slots.find(pid);
    if (s < 0 || patch >= this.patches) return;
    const at = s * this.patches + patch;
    if (this.frames[at] === 0) return;
    this.frames[at] = (this.frames[at] as number) - 1;
    this.total[patch] = (this.total[patch] as number) - 1;
  }

  /** The task's stack was given up. */
  abandon(pid: number): void {
    const s = this.slots.find(pid);
    if (s < 0) return;
    for (let p = 0; p < this.patches; p++) {
      this.total[p] = (this.total[p] as number) - (this.frames[s * this.patches + p] as number);
      this.frames[s * this.patches + p] = 0;
    }
  }

  forget(pid: number): void {
    this.abandon(pid);
    this.slots.remove(pid);
  }

  /** A task with a function of the patch on its stack, or null. */
  holder(patch: number): Holder | null {
    if ((this.total[patch] ?? 0) === 0) return null;
    let found: Holder | null = null;
    let tasks = 0;
    this.slots.forEach((pid, s) => {
      const at = s * this.patches + patch;
      if ((this.frames[at] as number) === 0) return;
      tasks++;
      found = {
        pid,
        func: this.lastFunc[at] as number,
        seq: this.lastSeq[at] as number,
        actor: this.lastActor[at] as number,
        others: 0,
      };
    });
    return found === null ? null : { ...(found as Holder), others: tasks - 1 };
  }
}
