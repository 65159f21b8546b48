// SPDX-License-Identifier: GPL-2.0-only
import { _THIS_IP_ } from '../kernel/abi/lock_classes.js';
import { cpus_read_lock, cpus_read_unlock } from '../kernel/cpu/hotplug_lock.js';
import type { Kernel } from '../kernel/kernel.js';
import { type Protocol, SYNC } from '../kernel/livepatch/protocol.js';
import {
  always,
  clear_possible,
  copy_flag_and_state,
  flag_online,
  init_possible,
  no_callback,
  no_going,
  nothing,
  reset_possible,
  succeed,
  try_online,
} from './idle_steps.js';

/** As posted: the flags of the idle tasks of the CPUs that are online now. */
function start_online(k: Kernel): void {
  cpus_read_lock(k, _THIS_IP_.klp_start_transition);
  flag_online(k);
  cpus_read_unlock(k);
}

function try_complete_online(k: Kernel): boolean {
  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);
  const complete = try_online(k);
  cpus_read_unlock(k);
  return complete;
}

/*
 * All that is not the idle tasks is as in current mainline, so that what goes wrong is this design's own: states are
 * initialised and reset for possible CPUs, forks copy flag and state together, idle CPUs are kicked.
 */
export const online_only: Protocol = {
  id: 'online-only',
  author: 'Josh Poimboeuf',
  date: '2016-12-08',
  source: '[PATCH v3 13/15] livepatch: change to a per-task consistency model',
  expected: 'fail: a CPU comes or goes in the middle of a transition',
  idea: 'Flag the idle tasks of online CPUs under get_online_cpus(), try the online ones, complete.',
  objection:
    'The idle task of a CPU that comes up later has no flag and cannot switch; one that is offline is not switched at all (Petr Mladek).',
  cond_resched_switch: true,
  reverse_syncs_first: true,
  omits_sync: SYNC.none,
  enter: succeed,
  started: nothing,
  init_idle: init_possible,
  start_idle: start_online,
  clear_idle: clear_possible,
  try_complete_idle: try_complete_online,
  recheck: always,
  complete_idle: reset_possible,
  completed: nothing,
  copy_process: copy_flag_and_state,
  cpu_coming: no_callback,
  cpu_going: no_going,
};
