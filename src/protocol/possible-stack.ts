// SPDX-License-Identifier: GPL-2.0-only
import { cpu_possible } from '../kernel/cpu/masks.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { klp_try_switch_task } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import { wake_up_if_idle } from '../kernel/sched/wakeup.js';
import { mainline_6_12 } from './mainline-6.12.js';

function try_complete_by_stack(k: Kernel): boolean {
  let complete = true;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_possible(k, cpu)) continue;
    if (!klp_try_switch_task(k, idle_task(k, cpu))) {
      complete = false;
      wake_up_if_idle(k, cpu);
    }
  }
  return complete;
}

/*
 * The idle task of an offline CPU is still what its run queue names as running, so the check refuses it before it
 * looks at any stack: reliable stacks do not help either.
 */
export const possible_stack: Protocol = {
  ...mainline_6_12,
  id: 'possible-stack',
  author: 'Petr Mladek',
  date: '2017-01-10',
  source: 'Re: [PATCH v3 13/15], "the trick with for_each_possible_cpu()"',
  expected: 'fail: no transition ends while a CPU is offline (PROG-HUNG-TRANSITION)',
  idea: 'Treat the idle tasks of all possible CPUs alike and leave those of offline ones to the stack check.',
  objection:
    'A missing CPU has no stack to check and no idle loop to switch in, and not all machines have reliable stacks (Josh Poimboeuf).',
  try_complete_idle: try_complete_by_stack,
};
