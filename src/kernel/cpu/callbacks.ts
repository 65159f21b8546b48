// SPDX-License-Identifier: GPL-2.0-only
/** The CPU hotplug states and what each does on the way up and down (kernel/cpu.c, cpuhp_hp_states). */

import { load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { element, embedded } from '../../mem/layout.js';
import {
  CPUHP_AP_ACTIVE,
  CPUHP_AP_ONLINE_DYN,
  CPUHP_AP_ONLINE_DYN_END,
  CPUHP_AP_SCHED_STARTING,
  CPUHP_BP_PREPARE_DYN,
  CPUHP_BP_PREPARE_DYN_END,
  CPUHP_RCUTREE_PREP,
  EBUSY,
  EINVAL,
} from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, vmlinux } from '../abi/structs.js';
import { jiffies, type Kernel, per_cpu } from '../kernel.js';
import { mutex_lock, mutex_unlock } from '../locking/mutex.js';
import { push_stranded } from '../sched/core.js';
import { timers_dead_cpu } from '../sched/timer.js';
import { driver_cpu_callback } from './driver.js';
import { cpus_read_lock, cpus_read_unlock } from './hotplug_lock.js';
import { cpu_online, num_online_cpus, set_cpu_active, set_cpu_online } from './masks.js';

/** Dynamic callbacks: which function a state calls. */
export const CPUHP_FN_NONE = 0;
/** The protocol's own notifier. */
export const CPUHP_FN_KLP = 1;
/** A driver with data of its own. */
export const CPUHP_FN_DRIVER = 2;

/** Runs the callback of one state. The BP runs the PREPARE section, the AP the others. 0 or -errno. */
export function cpuhp_invoke_callback(k: Kernel, cpu: number, state: number, bringup: boolean): number {
  const pc = per_cpu(k, cpu);
  if (state === CPUHP_RCUTREE_PREP && !bringup) {
    /* timers_dead_cpu: the BP takes the timers of the dead CPU to an online one. */
    for (let to = 0; to < k.nr_cpus; to++) {
      if (to === cpu || !cpu_online(k, to)) continue;
      timers_dead_cpu(k, cpu, to);
      break;
    }
    return 0;
  }
  if (state === CPUHP_AP_SCHED_STARTING && bringup) {
    store(k, pc, percpu.timer_jiffies, jiffies(k));
    set_cpu_online(k, cpu, true);
    return 0;
  }
  if (state === CPUHP_AP_ACTIVE) {
    set_cpu_active(k, cpu, bringup);
    /* Going down: from here on no waker chooses this CPU; what waits in its queue moves away. */
    if (!bringup) push_stranded(k);
    return 0;
  }
  const fn = READ_ONCE(k, k.g, element(vmlinux.cpuhp_callbacks, state));
  if (fn === CPUHP_FN_DRIVER) return driver_cpu_callback(k);
  if (fn === CPUHP_FN_KLP) return bringup ? k.protocol.cpu_coming(k, cpu) : k.protocol.cpu_going(k, cpu);
  return 0;
}

function is_dynamic(state: number): boolean {
  return (
    (state >= CPUHP_BP_PREPARE_DYN && state <= CPUHP_BP_PREPARE_DYN_END) ||
    (state >= CPUHP_AP_ONLINE_DYN && state <= CPUHP_AP_ONLINE_DYN_END)
  );
}

/**
 * Registers `fn` for a dynamic state without calling it on the CPUs that are there (cpuhp_setup_state_nocalls).
 * cpus_read_lock keeps hotplug operations away meanwhile. -EINVAL: no such state; -EBUSY: it is taken.
 */
export function cpuhp_setup_state_nocalls(k: Kernel, state: number, fn: number): number {
  if (!is_dynamic(state)) return -EINVAL;
  const f = element(vmlinux.cpuhp_callbacks, state);
  cpus_read_lock(k, _THIS_IP_.cpuhp_setup_state);
  const taken = READ_ONCE(k, k.g, f) !== CPUHP_FN_NONE;
  if (!taken) WRITE_ONCE(k, k.g, f, fn);
  cpus_read_unlock(k);
  return taken ? -EBUSY : 0;
}

/** The same, and calls it for every CPU that is already past the state. */
export function cpuhp_setup_state(k: Kernel, state: number, fn: number): number {
  if (!is_dynamic(state)) return -EINVAL;
  const f = element(vmlinux.cpuhp_callbacks, state);
  cpus_read_lock(k, _THIS_IP_.cpuhp_setup_state);
  let ret = READ_ONCE(k, k.g, f) !== CPUHP_FN_NONE ? -EBUSY : 0;
  if (ret === 0) {
    WRITE_ONCE(k, k.g, f, fn);
    for (let cpu = 0; cpu < k.nr_cpus && ret === 0; cpu++) {
      if (READ_ONCE(k, per_cpu(k, cpu), percpu.cpuhp_state) >= state)
        ret = cpuhp_invoke_callback(k, cpu, state, true);
    }
    if (ret !== 0) WRITE_ONCE(k, k.g, f, CPUHP_FN_NONE);
  }
  cpus_read_unlock(k);
  return ret;
}

export function cpuhp_remove_state_nocalls(k: Kernel, state: number): void {
  cpus_read_lock(k, _THIS_IP_.cpuhp_setup_state);
  WRITE_ONCE(k, k.g, element(vmlinux.cpuhp_callbacks, state), CPUHP_FN_NONE);
  cpus_read_unlock(k);
}

/** Serializes hotplug operations and the disable counter (cpu_maps_update_begin). */
export function cpu_maps_update_begin(k: Kernel, ip: number): void {
  mutex_lock(k, embedded(k.g, vmlinux.cpu_add_remove_lock), ip);
}

export function cpu_maps_update_done(k: Kernel): void {
  mutex_unlock(k, embedded(k.g, vmlinux.cpu_add_remove_lock));
}

/** The last CPU cannot go. */
export function may_go_down(k: Kernel): boolean {
  return num_online_cpus(k) > 1;
}

/** State a CPU is in, for reports; stable under the hotplug lock only. */
export function cpuhp_state(k: Kernel, cpu: number): number {
  return load(k, per_cpu(k, cpu), percpu.cpuhp_state);
}
