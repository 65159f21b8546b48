// SPDX-License-Identifier: GPL-2.0-only

import { cpu_online } from '../../kernel/cpu/masks.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { klp_init_task } from '../../kernel/livepatch/transition.js';
import { idle_task } from '../../kernel/sched/rq.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function init_online(k: Kernel, initial: number): void {
  for (let cpu = 0; cpu < k.nr_cpus; cpu++)
    if (cpu_online(k, cpu)) klp_init_task(k, idle_task(k, cpu), initial);
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
