// SPDX-License-Identifier: GPL-2.0-only
/**
 * Deliberately wrong designs, the partners of the oracles: each must be caught, with its own code. They differ from
 * current mainline in one step.
 */
import { cpu_online } from '../kernel/cpu/masks.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { klp_init_task, klp_reset_task } from '../kernel/livepatch/transition.js';
import { klp_switch_offline_idle } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import { mainline_6_12 } from './mainline-6.12.js';

function init_online(k: Kernel, initial: number): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++)
    if (cpu_online(k, cpu)) klp_init_task(k, idle_task(k, cpu), initial);
}

function reset_online(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_online(k, cpu)) klp_reset_task(k, idle_task(k, cpu));
}

/** Treats idle tasks that run as if their CPUs were offline: no look at the stack, nor at whether they run. */
function switch_running(k: Kernel): boolean {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) klp_switch_offline_idle(k, idle_task(k, cpu));
  return true;
}

export const busted_init_online: Protocol = {
  ...mainline_6_12,
  id: 'busted-init-online',
  author: 'klptorture',
  date: '2026',
  source: 'the last paragraph of the seed, done wrong',
  expected: 'fail: KLP-STALE, KLP-WRONG-VERSION',
  idea: 'Initialise the idle tasks of online CPUs only.',
  objection: 'The idle task of a CPU that comes up meets a function in transition with an undefined state.',
  init_idle: init_online,
};

export const busted_complete_online: Protocol = {
  ...mainline_6_12,
  id: 'busted-complete-online',
  author: 'klptorture',
  date: '2026',
  source: 'the last paragraph of the seed, done wrong',
  expected: 'fail: KLP-STALE',
  idea: 'Reset the idle tasks of online CPUs only.',
  objection: 'The idle task of an offline CPU keeps its state into the next transition.',
  complete_idle: reset_online,
};

export const busted_switch_running: Protocol = {
  ...mainline_6_12,
  id: 'busted-switch-running',
  author: 'klptorture',
  date: '2026',
  source: 'klp_try_switch_task without its checks',
  expected: 'fail: KLP-MIX-UNIT',
  idea: 'Switch the idle tasks of all CPUs at once.',
  objection: 'One that runs an old function calls a new one next.',
  try_complete_idle: switch_running,
};
