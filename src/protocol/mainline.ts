// SPDX-License-Identifier: GPL-2.0-only
/** What the merged designs share: possible CPUs everywhere, offline idle tasks switched under the reader lock. */

import { _THIS_IP_ } from '../kernel/abi/lock_classes.js';
import { task_struct, vmlinux } from '../kernel/abi/structs.js';
import { cpus_read_lock, cpus_read_unlock } from '../kernel/cpu/hotplug_lock.js';
import { cpu_online, cpu_possible } from '../kernel/cpu/masks.js';
import type { Kernel } from '../kernel/kernel.js';
import { klp_switch_offline_idle, klp_try_switch_task } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import { wake_up_if_idle } from '../kernel/sched/wakeup.js';
import { READ_ONCE } from '../mem/heap.js';

/**
 * Tries the idle tasks of online CPUs and switches those of the others. Without a lock around it a CPU may come up
 * between the look at its online bit and the write of its idle task's state. `kick`: an idle task that did not switch
 * is made to leave its inner loop (5.16 and later).
 */
export function try_complete_possible(k: Kernel, kick: boolean): boolean {
  let complete = true;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_possible(k, cpu)) continue;
    const idle = idle_task(k, cpu);
    if (cpu_online(k, cpu)) {
      if (!klp_try_switch_task(k, idle)) {
        complete = false;
        if (kick) wake_up_if_idle(k, cpu);
      }
    } else if (READ_ONCE(k, idle, task_struct.patch_state) !== READ_ONCE(k, k.g, vmlinux.klp_target_state)) {
      klp_switch_offline_idle(k, idle);
    }
  }
  return complete;
}

function try_complete_possible_locked(k: Kernel, kick: boolean): boolean {
  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);
  const complete = try_complete_possible(k, kick);
  cpus_read_unlock(k);
  return complete;
}

export function try_complete_kicking(k: Kernel): boolean {
  return try_complete_possible_locked(k, true);
}

export function try_complete_waiting(k: Kernel): boolean {
  return try_complete_possible_locked(k, false);
}
