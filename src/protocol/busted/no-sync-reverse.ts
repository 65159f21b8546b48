// SPDX-License-Identifier: GPL-2.0-only

import { type Protocol, SYNC } from '../../kernel/livepatch/protocol.js';
import { mainline_6_12 } from '../mainline-6.12.js';

export const busted_no_sync_reverse: Protocol = {
  ...mainline_6_12,
  id: 'busted-no-sync-reverse',
  author: 'klptorture',
  date: '2026',
  source: 'klp_reverse_transition without klp_synchronize_transition()',
  expected: 'fail: KLP-WRONG-TARGET',
  idea: 'No grace period before a transition starts in the other direction.',
  objection: 'A switch that began before the flags were cleared writes the old target.',
  omits_sync: SYNC.reverse,
};
