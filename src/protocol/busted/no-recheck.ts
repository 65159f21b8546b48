// SPDX-License-Identifier: GPL-2.0-only
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { compromise } from '../compromise.js';
import { exclude_before_completion } from '../notifiers.js';

export const busted_no_recheck: Protocol = {
  ...compromise,
  id: 'busted-no-recheck',
  author: 'klptorture',
  date: '2026',
  source: 'compromise without the second half of its step 2',
  expected: 'fail: KLP-INCOMPLETE, KLP-TIF-LEFT',
  idea: 'Hotplug is disabled before completion, but nobody looks again.',
  objection: 'The idle task of a CPU that went down meanwhile is neither looked at nor switched.',
  recheck: exclude_before_completion,
};
