// SPDX-License-Identifier: GPL-2.0-only
/** On which side of a transition tasks are, and how many on each; in constant time for each change. */
import { isIdlePid } from './names.js';
import { NO_SIDE, OLD } from './patch_model.js';
import { TaskSlots, widened } from './task_slots.js';

export class SideCount {
  private readonly slots: TaskSlots;
  private serial = new Int32Array(0);
  private side = new Int8Array(0);
  private current = 0;
  private initial = NO_SIDE;
  private readonly on: [number, number] = [0, 0];
  private idles = 0;

  constructor() {
    this.slots = new TaskSlots((n) => {
      this.serial = widened(this.serial, n);
      this.side = widened(this.side, n);
    });
  }

  /** A transition begins: all tasks that are known are on `initial`; idle tasks count when they are heard of. */
  start(initial: number): void {
    this.current++;
    this.initial = initial;
    this.on[0] = 0;
    this.on[1] = 0;
    if (initial !== NO_SIDE) this.on[initial as 0 | 1] = this.slots.size - this.idles;
  }

  set(pid: number, side: number): void {
    let s = this.slots.find(pid);
    if (s < 0) {
      s = this.slots.add(pid);
      if (isIdlePid(pid)) this.idles++;
    } else {
      this.leave(this.sideAt(s, pid));
    }
    this.serial[s] = this.current;
    this.side[s] = side;
    if (side !== NO_SIDE) this.on[side as 0 | 1]++;
  }

  forget(pid: number): void {
    const s = this.slots.find(pid);
    if (s < 0) return;
    this.leave(this.sideAt(s, pid));
    if (isIdlePid(pid)) this.idles--;
    this.slots.remove(pid);
  }

  count(side: number): number {
    return this.on[side === OLD ? 0 : 1];
  }

  /** Up to `most` of the tasks on a side. */
  pids(side: number, most: number): number[] {
    const found: number[] = [];
    this.slots.forEach((pid, s) => {
      if (found.length < most && this.sideAt(s, pid) === side) found.push(pid);
    });
    return found;
  }

  private sideAt(s: number, pid: number): number {
    if (this.serial[s] === this.current) return this.side[s] as number;
    return isIdlePid(pid) ? NO_SIDE : this.initial;
  }

  private leave(side: number): void {
    if (side !== NO_SIDE) this.on[side as 0 | 1]--;
  }
}
