// SPDX-License-Identifier: GPL-2.0-only
import { type Protocol, SYNC } from '../kernel/livepatch/protocol.js';
import {
  always,
  clear_possible,
  copy_flag_and_state,
  flag_possible,
  init_possible,
  no_callback,
  no_going,
  nothing,
  reset_possible,
  succeed,
} from './idle_steps.js';
import { try_complete_kicking } from './mainline.js';

export const mainline_6_12: Protocol = {
  id: 'mainline-6.12',
  author: 'Josh Poimboeuf and others',
  date: '2024-11',
  source: 'kernel/livepatch/transition.c of 6.12',
  expected: 'pass',
  idea: 'Possible CPUs everywhere; the reader lock where offline idle tasks are switched; kthreads also switch in cond_resched().',
  objection: 'An idle CPU must be kicked, and kthreads that never call cond_resched() still hold it up.',
  cond_resched_switch: true,
  reverse_syncs_first: true,
  omits_sync: SYNC.none,
  enter: succeed,
  started: nothing,
  init_idle: init_possible,
  start_idle: flag_possible,
  clear_idle: clear_possible,
  try_complete_idle: try_complete_kicking,
  recheck: always,
  complete_idle: reset_possible,
  completed: nothing,
  copy_process: copy_flag_and_state,
  cpu_coming: no_callback,
  cpu_going: no_going,
};
