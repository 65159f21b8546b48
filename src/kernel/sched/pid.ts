// SPDX-License-Identifier: GPL-2.0-only
/** Task ids: workload tasks count from 1, swapper/N is -(1+N), the control path of actor n is -(100+n). */
import { load } from '../../mem/heap.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';

export function idle_pid(cpu: number): number {
  return -(1 + cpu);
}

export function control_pid(actor: number): number {
  return -(100 + actor);
}

/** pid is written once, before the task becomes visible. */
export function task_pid(k: Kernel, p: Task): number {
  return load(k, p, task_struct.pid);
}

/** Id of the task this actor runs, for the trace. */
export function trace_pid(k: Kernel): number {
  return load(k, k.current, task_struct.pid);
}
