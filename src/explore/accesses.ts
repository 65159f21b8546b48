// SPDX-License-Identifier: GPL-2.0-only
/** All accesses of one execution, in the order in which they were made. */
import type { FibersMachine } from '../engine/fibers/machine.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { rt } from '../engine/fibers/runtime.js';
import { task_struct } from '../kernel/abi/structs.js';
import { ACCESS } from '../schedule/scheduler.js';

export interface Access {
  /** Index in the record. */
  readonly nr: number;
  /** Operations of the execution before it, and of its actor. */
  readonly step: number;
  readonly ordinal: number;
  readonly actor: number;
  /** ACCESS */
  readonly access: number;
  readonly addr: number;
  /** What the word held before, and after. */
  readonly before: number;
  readonly after: number;
  readonly site: number;
  /** Address of the task_struct that the actor ran. */
  readonly task: number;
}

export class AccessRecorder implements AccessObserver {
  readonly list: Access[] = [];
  /** Of the tasks that ran, by address. */
  readonly pids = new Map<number, number>();
  private readonly held = new Map<number, number>();

  constructor(private readonly machine: FibersMachine) {}

  access(
    actor: number,
    access: number,
    _order: number,
    addr: number,
    read: number,
    written: number,
    site: number,
  ): void {
    const step = rt.step() - 1;
    const writes = (access & ACCESS.write) !== 0;
    const reads = (access & ACCESS.read) !== 0;
    const before = reads ? read : (this.held.get(addr) ?? UNKNOWN);
    const after = writes ? written : read;
    this.held.set(addr, after);
    const task = this.machine.kernels[actor]?.current ?? 0;
    if (!this.pids.has(task)) this.pids.set(task, this.machine.heap[task + task_struct.pid] as number);
    this.list.push({
      nr: this.list.length,
      step,
      ordinal: -1,
      actor,
      access,
      addr,
      before,
      after,
      site,
      task,
    });
  }

  fence(): void {}
  futex(): void {}

  /** The accesses with the numbers of operations that their actors had made before. */
  finished(decisions: { readonly actors: readonly number[]; readonly points: readonly number[] }): Access[] {
    const made = new Map<number, number>();
    let at = 0;
    let i = 0;
    return this.list.map((a) => {
      while (i < decisions.actors.length && at + (decisions.points[i] as number) <= a.step) {
        const actor = decisions.actors[i] as number;
        const points = decisions.points[i++] as number;
        made.set(actor, (made.get(actor) ?? 0) + points);
        at += points;
      }
      return { ...a, ordinal: (made.get(a.actor) ?? 0) + a.step - at };
    });
  }
}

/** Of a word that nobody has looked at before it was written. */
export const UNKNOWN = 0x7ffffffd;

export function isWrite(a: Access): boolean {
  return (a.access & ACCESS.write) !== 0 && a.before !== a.after;
}
