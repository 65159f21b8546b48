// SPDX-License-Identifier: GPL-2.0-only
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { try_complete_waiting } from '../mainline.js';
import { mainline_6_12 } from '../mainline-6.12.js';

export const busted_no_kick: Protocol = {
  ...mainline_6_12,
  id: 'busted-no-kick',
  author: 'klptorture',
  date: '2026',
  source: 'klp_try_complete_transition up to 5.15, without wake_up_if_idle()',
  expected: 'fail: PROG-HUNG-TRANSITION, on CPUs that idle',
  idea: 'Idle tasks that did not switch are waited for.',
  objection:
    'Its inner loop never passes the switch point as long as nothing else wants the CPU (5de62ea84abd).',
  try_complete_idle: try_complete_waiting,
};
