// SPDX-License-Identifier: GPL-2.0-only
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { flag_online } from '../idle_steps.js';
import { mainline_6_12 } from '../mainline-6.12.js';

export const busted_start_online: Protocol = {
  ...mainline_6_12,
  id: 'busted-start-online',
  author: 'klptorture',
  date: '2026',
  source: 'klp_start_transition with for_each_online_cpu',
  expected: 'fail: KLP-MISSED-SWITCH',
  idea: 'Flag the idle tasks of online CPUs only; all else as in mainline.',
  objection:
    'The idle task of a CPU that comes up has no flag, and as long as the CPU idles its stack is not looked at either.',
  start_idle: flag_online,
};
