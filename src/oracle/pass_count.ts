// SPDX-License-Identifier: GPL-2.0-only
/** How many switch points each task has passed since the flags were last set without being switched by then. */
import { TaskSlots, widened } from './task_slots.js';

/** The task has switched. */
const SWITCHED = -1;

export class PassCount {
  private readonly slots: TaskSlots;
  private serial = new Int32Array(0);
  private passes = new Int32Array(0);
  private current = 0;

  constructor() {
    this.slots = new TaskSlots((n) => {
      this.serial = widened(this.serial, n);
      this.passes = widened(this.passes, n);
    });
  }

  restart(): void {
    this.current++;
  }

  /** A pass after which the task was not on the target side. */
  missed(pid: number): void {
    const s = this.slot(pid);
    if (this.passes[s] !== SWITCHED) this.passes[s] = (this.passes[s] as number) + 1;
  }

  switched(pid: number): void {
    this.passes[this.slot(pid)] = SWITCHED;
  }

  of(pid: number): number {
    const s = this.slots.find(pid);
    return s < 0 || this.serial[s] !== this.current ? 0 : Math.max(0, this.passes[s] as number);
  }

  hasSwitched(pid: number): boolean {
    const s = this.slots.find(pid);
    return s >= 0 && this.serial[s] === this.current && this.passes[s] === SWITCHED;
  }

  forget(pid: number): void {
    this.slots.remove(pid);
  }

  private slot(pid: number): number {
    let s = this.slots.find(pid);
    if (s < 0) {
      s = this.slots.add(pid);
      this.serial[s] = -1;
    }
    if (this.serial[s] !== this.current) {
      this.serial[s] = this.current;
      this.passes[s] = 0;
    }
    return s;
  }
}
