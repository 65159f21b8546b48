// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { klp_switch_offline_idle } from '../../kernel/livepatch/update.js';
import { idle_task } from '../../kernel/sched/rq.js';
import { mainline_6_12 } from '../mainline-6.12.js';

/** Treats idle tasks that run as if their CPUs were offline: no look at the stack, nor at whether they run. */
function switch_running(k: Kernel): boolean {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) klp_switch_offline_idle(k, idle_task(k, cpu));
  return true;
}

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
