// SPDX-License-Identifier: GPL-2.0-only
import { _THIS_IP_ } from '../kernel/abi/lock_classes.js';
import { cpus_read_lock, cpus_read_unlock } from '../kernel/cpu/hotplug_lock.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { flag_possible } from './idle_steps.js';
import { mainline_6_12 } from './mainline-6.12.js';

/** As merged the lock is not taken here: a flag changes nothing until its task looks at it. */
function start_locked(k: Kernel): void {
  cpus_read_lock(k, _THIS_IP_.klp_start_transition);
  flag_possible(k);
  cpus_read_unlock(k);
}

export const possible_locked: Protocol = {
  ...mainline_6_12,
  id: 'possible-locked',
  author: 'Josh Poimboeuf',
  date: '2017-01-11',
  source: 'Re: [PATCH v3 13/15], "What do you think about something like the following"',
  expected: 'pass',
  idea: 'get_online_cpus() and for_each_possible_cpu() at the start and in every attempt; offline idle tasks are switched at once.',
  objection: 'All places must look at possible CPUs, or the handler meets an undefined state (Petr Mladek).',
  start_idle: start_locked,
};
