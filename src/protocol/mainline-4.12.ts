// SPDX-License-Identifier: GPL-2.0-only
import { type Protocol, SYNC } from '../kernel/livepatch/protocol.js';
import {
  always,
  clear_possible,
  copy_state,
  flag_possible,
  init_possible,
  no_callback,
  no_going,
  nothing,
  reset_possible,
  succeed,
} from './idle_steps.js';
import { try_complete_waiting } from './mainline.js';

export const mainline_4_12: Protocol = {
  id: 'mainline-4.12',
  author: 'Josh Poimboeuf',
  date: '2017-07',
  source: 'kernel/livepatch/transition.c of 4.12 (d83a7cb375ee)',
  expected: 'fail: fork copies flag and state at different times (747f7a290117); idle CPUs are not kicked',
  idea: 'The reply of the seed as merged: possible CPUs everywhere, offline idle tasks switched under get_online_cpus().',
  objection:
    'A child that is forked across a transition gets a flag and a state that do not belong together.',
  cond_resched_switch: false,
  reverse_syncs_first: false,
  omits_sync: SYNC.none,
  enter: succeed,
  started: nothing,
  init_idle: init_possible,
  start_idle: flag_possible,
  clear_idle: clear_possible,
  try_complete_idle: try_complete_waiting,
  recheck: always,
  complete_idle: reset_possible,
  completed: nothing,
  copy_process: copy_state,
  cpu_coming: no_callback,
  cpu_going: no_going,
};
