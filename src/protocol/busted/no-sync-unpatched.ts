// SPDX-License-Identifier: GPL-2.0-only

import { type Protocol, SYNC } from '../../kernel/livepatch/protocol.js';
import { mainline_6_12 } from '../mainline-6.12.js';

export const busted_no_sync_unpatched: Protocol = {
  ...mainline_6_12,
  id: 'busted-no-sync-unpatched',
  author: 'klptorture',
  date: '2026',
  source: 'klp_complete_transition after unpatching without klp_synchronize_transition()',
  expected: 'fail: KLP-REMOVED or KLP-WRONG-VERSION, where another patch has replaced the function too',
  idea: 'No grace period between the removal of the functions and the end of func->transition.',
  objection: 'A handler that holds a removed function finds it no longer in transition and chooses it.',
  omits_sync: SYNC.unpatched,
};
