// SPDX-License-Identifier: GPL-2.0-only
/** All accesses of one execution, in the order in which they were made. */
import type { FibersMachine } from '../engine/fibers/machine.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { rt } from '../engine/fibers/runtime.js';
import { task_struct } from '../kernel/abi/structs.js';
import { ACCESS } from '../schedule/scheduler.js';
import { ORDER } from '../trace/memory_order.js';
import { Epochs } from './epochs.js';

export interface Access {
  /** Index in the record. */
  readonly nr: number;
  /** Operations of the execution before it. */
  readonly step: number;
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
  /** Steps of transitions that the actor had begun. */
  readonly epoch: number;
  /** ORDER */
  readonly order: number;
  /** Nobody else can come in between it and what its actor did before. */
  readonly plain: boolean;
  /** Locks that the actor held. */
  readonly locks: readonly HeldLock[];
}

/** What of a lock tracker is of use here. */
export interface HeldLock {
  readonly lock: number;
  /** LOCK_* */
  readonly mode: number;
  /** Where it was taken (ip_names). */
  readonly ip: number;
}

export class AccessRecorder implements AccessObserver {
  readonly list: Access[] = [];
  /** Of the tasks that ran, by address. */
  readonly pids = new Map<number, number>();
  private readonly held = new Map<number, number>();
  private readonly epochs: Epochs;
  private readonly taken: (readonly HeldLock[])[] = [];

  constructor(
    private readonly machine: FibersMachine,
    private readonly locksOf: (actor: number) => readonly HeldLock[],
  ) {
    this.epochs = new Epochs(machine);
  }

  access(
    actor: number,
    access: number,
    order: number,
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
      actor,
      access,
      addr,
      before,
      after,
      site,
      task,
      epoch: this.epochs.of(actor),
      order,
      plain: order === ORDER.plain,
      locks: this.locks(actor),
    });
  }

  fence(): void {}
  futex(): void {}

  /** A copy, the same one as long as nothing is taken or released. */
  private locks(actor: number): readonly HeldLock[] {
    const now = this.locksOf(actor);
    const last = this.taken[actor] ?? [];
    if (last.length === now.length && last.every((l, i) => l === now[i])) return last;
    this.taken[actor] = [...now];
    return this.taken[actor];
  }
}

/** Of a word that nobody has looked at before it was written. */
export const UNKNOWN = 0x7ffffffd;

export function isWrite(a: Access): boolean {
  return (a.access & ACCESS.write) !== 0 && a.before !== a.after;
}
