// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { try_complete_possible } from '../mainline.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function try_complete_unlocked(k: Kernel): boolean {
  return try_complete_possible(k, true);
}

export const busted_unlocked: Protocol = {
  ...mainline_6_12,
  id: 'busted-unlocked',
  author: 'klptorture',
  date: '2026',
  source: 'klp_try_complete_transition without cpus_read_lock()',
  expected: 'fail: KLP-MIX-UNIT',
  idea: 'Mainline without the lock around the idle tasks.',
  objection: "A CPU comes up between the look at its online bit and the write of its idle task's state.",
  try_complete_idle: try_complete_unlocked,
};
