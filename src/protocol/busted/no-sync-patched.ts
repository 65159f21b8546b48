// SPDX-License-Identifier: GPL-2.0-only

import { type Protocol, SYNC } from '../../kernel/livepatch/protocol.js';
import { mainline_6_12 } from '../mainline-6.12.js';

export const busted_no_sync_patched: Protocol = {
  ...mainline_6_12,
  id: 'busted-no-sync-patched',
  author: 'klptorture',
  date: '2026',
  source: 'klp_complete_transition after patching without klp_synchronize_transition()',
  expected: 'fail: KLP-UNDEF',
  idea: 'No grace period between the end of func->transition and the reset of the states.',
  objection: 'A handler that has seen func->transition set reads an undefined state.',
  omits_sync: SYNC.patched,
};
