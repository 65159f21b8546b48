// SPDX-License-Identifier: GPL-2.0-only

import { _THIS_IP_ } from '../../kernel/abi/lock_classes.js';
import { cpus_read_lock, cpus_read_unlock } from '../../kernel/cpu/hotplug_lock.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { try_online } from '../idle_steps.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function try_online_locked(k: Kernel): boolean {
  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);
  const complete = try_online(k);
  cpus_read_unlock(k);
  return complete;
}

export const busted_try_online: Protocol = {
  ...mainline_6_12,
  id: 'busted-try-online',
  author: 'klptorture',
  date: '2026',
  source: 'klp_try_complete_transition with for_each_online_cpu',
  expected: 'fail: KLP-INCOMPLETE, KLP-TIF-LEFT',
  idea: 'Try the idle tasks of online CPUs only; all else as in mainline.',
  objection: 'That of an offline CPU is never switched and keeps its flag.',
  try_complete_idle: try_online_locked,
};
