// SPDX-License-Identifier: GPL-2.0-only
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { mainline_6_12 } from './mainline-6.12.js';

/*
 * The target flips before the flags are cleared and the grace period has passed, and cond_resched() is no switch point:
 * the two came together in 6.3, since a switch in cond_resched() could have read the target twice.
 */
export const mainline_6_1: Protocol = {
  ...mainline_6_12,
  id: 'mainline-6.1',
  author: 'Josh Poimboeuf, Petr Mladek, Rik van Riel and others',
  date: '2022-12',
  source: 'kernel/livepatch/transition.c of 6.1',
  expected: 'pass',
  idea: 'As 6.12 without switches in cond_resched(); fork copies flag and state together (747f7a290117).',
  objection: 'A kthread that never sleeps holds a transition up for good (e3ff7c609f39).',
  cond_resched_switch: false,
  reverse_syncs_first: false,
};
