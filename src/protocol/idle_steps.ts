// SPDX-License-Identifier: GPL-2.0-only
/** Building blocks that protocols combine: one idle task at a time, under nobody's lock but the caller's. */

import { TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { task_struct } from '../kernel/abi/structs.js';
import { cpu_online, cpu_possible } from '../kernel/cpu/masks.js';
import type { Kernel, Task } from '../kernel/kernel.js';
import { klp_flag_task, klp_init_task, klp_reset_task } from '../kernel/livepatch/transition.js';
import { klp_switch_offline_idle, klp_try_switch_task } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import {
  clear_tsk_thread_flag,
  set_tsk_thread_flag,
  test_tsk_thread_flag,
} from '../kernel/sched/thread_flags.js';
import { wake_up_if_idle } from '../kernel/sched/wakeup.js';
import { READ_ONCE, WRITE_ONCE } from '../mem/heap.js';

export function init_possible(k: Kernel, initial: number): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++)
    if (cpu_possible(k, cpu)) klp_init_task(k, idle_task(k, cpu), initial);
}

export function flag_possible(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_possible(k, cpu)) klp_flag_task(k, idle_task(k, cpu));
}

export function flag_online(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_online(k, cpu)) klp_flag_task(k, idle_task(k, cpu));
}

/** The online ones are flagged, the others switched at once: hotplug must be kept out, or the caller accepts a window. */
export function flag_online_switch_offline(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_possible(k, cpu)) continue;
    if (cpu_online(k, cpu)) klp_flag_task(k, idle_task(k, cpu));
    else klp_switch_offline_idle(k, idle_task(k, cpu));
  }
}

/** Tries the idle tasks of the CPUs that are online now, and kicks those that did not switch. True: none is left. */
export function try_online(k: Kernel): boolean {
  let complete = true;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_online(k, cpu)) continue;
    if (!klp_try_switch_task(k, idle_task(k, cpu))) {
      complete = false;
      wake_up_if_idle(k, cpu);
    }
  }
  return complete;
}

export function clear_possible(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (cpu_possible(k, cpu)) clear_tsk_thread_flag(k, idle_task(k, cpu), TIF_PATCH_PENDING);
  }
}

export function reset_possible(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_possible(k, cpu)) klp_reset_task(k, idle_task(k, cpu));
}

/** klp_copy_process since 6.1 (747f7a290117): flag and state are brought up to date together. */
export function copy_flag_and_state(k: Kernel, child: Task): void {
  if (test_tsk_thread_flag(k, k.current, TIF_PATCH_PENDING)) set_tsk_thread_flag(k, child, TIF_PATCH_PENDING);
  else clear_tsk_thread_flag(k, child, TIF_PATCH_PENDING);
  copy_state(k, child);
}

/** klp_copy_process before that: the flag stays as dup_task_struct copied it, however long ago. */
export function copy_state(k: Kernel, child: Task): void {
  WRITE_ONCE(k, child, task_struct.patch_state, READ_ONCE(k, k.current, task_struct.patch_state));
}

/** Steps of protocols that exclude nothing and need no last look. */
export function succeed(_k: Kernel): number {
  return 0;
}
export function nothing(_k: Kernel): void {}
export function always(_k: Kernel): boolean {
  return true;
}
export function no_callback(_k: Kernel, _cpu: number): number {
  return 0;
}
export function no_going(_k: Kernel, _cpu: number): number {
  return 0;
}
