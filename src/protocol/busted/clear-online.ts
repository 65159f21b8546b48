// SPDX-License-Identifier: GPL-2.0-only

import { TIF_PATCH_PENDING } from '../../kernel/abi/constants.js';
import { cpu_online } from '../../kernel/cpu/masks.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { idle_task } from '../../kernel/sched/rq.js';
import { clear_tsk_thread_flag } from '../../kernel/sched/thread_flags.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function clear_online(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++)
    if (cpu_online(k, cpu)) clear_tsk_thread_flag(k, idle_task(k, cpu), TIF_PATCH_PENDING);
}

export const busted_clear_online: Protocol = {
  ...mainline_6_12,
  id: 'busted-clear-online',
  author: 'klptorture',
  date: '2026',
  source: 'klp_reverse_transition with for_each_online_cpu',
  expected: 'fail: KLP-TIF-LEFT, when a transition is reversed',
  idea: 'Clear the flags of the idle tasks of online CPUs only when a transition is reversed.',
  objection: 'One that went down with its flag set is in the new target state already and keeps the flag.',
  clear_idle: clear_online,
};
