// SPDX-License-Identifier: GPL-2.0-only
import { task_struct } from '../kernel/abi/structs.js';
import { cpu_hotplug_disable, cpu_hotplug_enable } from '../kernel/cpu/hotplug.js';
import { cpu_online, cpu_possible } from '../kernel/cpu/masks.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { klp_target_state } from '../kernel/livepatch/transition.js';
import { klp_switch_offline_idle } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import { READ_ONCE } from '../mem/heap.js';
import { flag_online_switch_offline, try_online } from './idle_steps.js';
import { mainline_6_12 } from './mainline-6.12.js';

/** Waits for an operation in flight. Lock order: klp_mutex before cpu_add_remove_lock. The counter nests. */
export function exclude_hotplug(k: Kernel): number {
  cpu_hotplug_disable(k);
  return 0;
}

/** A reversal comes here without enter, so the step excludes hotplug for itself. */
export function start_excluded(k: Kernel): void {
  cpu_hotplug_disable(k);
  flag_online_switch_offline(k);
  cpu_hotplug_enable(k);
}

/**
 * Hotplug stays disabled from a look that finds all switched until the transition is completed. The attempts do not see
 * a CPU that has left the online mask and whose idle task has its last switch point still before it; to disable hotplug
 * is to wait for that. The idle tasks of offline CPUs are brought up to date all the same, as the mail has it.
 */
function recheck_excluded(k: Kernel): boolean {
  cpu_hotplug_disable(k);
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_online(k, cpu)) continue;
    if (READ_ONCE(k, idle_task(k, cpu), task_struct.patch_state) === klp_target_state(k)) continue;
    cpu_hotplug_enable(k);
    return false;
  }
  switch_offline(k);
  return true;
}

/** Hotplug is disabled. */
export function switch_offline(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (cpu_possible(k, cpu) && !cpu_online(k, cpu)) klp_switch_offline_idle(k, idle_task(k, cpu));
  }
}

/* Step 1: enter to started. Step 2: attempts over online CPUs, then recheck. Step 3: recheck to completed. */
export const compromise: Protocol = {
  ...mainline_6_12,
  id: 'compromise',
  author: 'Petr Mladek',
  date: '2017-01-11',
  source: 'Re: [PATCH v3 13/15], "A compromise might be"',
  expected: 'pass; cpu_up() and cpu_down() get -EBUSY now and then',
  idea: 'cpu_hotplug_disable() around set-up, re-check and completion only; attempts look at online CPUs without a lock.',
  objection:
    'Hotplug is still refused instead of waiting, and get_online_cpus() is all that is needed (Josh Poimboeuf).',
  enter: exclude_hotplug,
  started: cpu_hotplug_enable,
  start_idle: start_excluded,
  try_complete_idle: try_online,
  recheck: recheck_excluded,
  completed: cpu_hotplug_enable,
};
