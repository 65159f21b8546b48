// SPDX-License-Identifier: GPL-2.0-only

import { cpu_online } from '../../kernel/cpu/masks.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { klp_reset_task } from '../../kernel/livepatch/transition.js';
import { idle_task } from '../../kernel/sched/rq.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function reset_online(k: Kernel): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_online(k, cpu)) klp_reset_task(k, idle_task(k, cpu));
}

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
