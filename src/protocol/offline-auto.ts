// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { flag_online_switch_offline } from './idle_steps.js';
import { try_complete_possible } from './mainline.js';
import { mainline_6_12 } from './mainline-6.12.js';

function try_complete_unlocked(k: Kernel): boolean {
  return try_complete_possible(k, true);
}

export const offline_auto: Protocol = {
  ...mainline_6_12,
  id: 'offline-auto',
  author: 'Josh Poimboeuf',
  date: '2017-01-10',
  source: 'Re: [PATCH v3 13/15], first answer to the objection against online-only',
  expected: 'fail: KLP-MIX-UNIT, between the look at the online bit and the write of the state',
  idea: 'Switch the idle tasks of offline CPUs automatically, at the start and in every attempt.',
  objection:
    'It races with cpu_up() and cpu_down(): the CPU may be up by the time the state is written (Petr Mladek).',
  start_idle: flag_online_switch_offline,
  try_complete_idle: try_complete_unlocked,
};
