// SPDX-License-Identifier: GPL-2.0-only
import { vmlinux } from '../../kernel/abi/structs.js';
import { cpu_hotplug_enable } from '../../kernel/cpu/hotplug.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { load } from '../../mem/heap.js';
import { compromise } from '../compromise.js';
import { always } from '../idle_steps.js';

/** Still disabled only when enabling was cancelled: nobody but livepatch disables hotplug. */
function enable_if_disabled(k: Kernel): void {
  if (load(k, k.g, vmlinux.cpu_hotplug_disabled) !== 0) cpu_hotplug_enable(k);
}

export const busted_no_recheck: Protocol = {
  ...compromise,
  id: 'busted-no-recheck',
  author: 'klptorture',
  date: '2026',
  source: 'compromise without the second half of its step 2',
  expected: 'fail: KLP-INCOMPLETE, KLP-TIF-LEFT, while a CPU goes down',
  idea: 'An attempt over online CPUs that finds all switched completes the transition.',
  objection:
    'A CPU that goes down leaves the online mask before its idle task passes the switch point for the last time.',
  recheck: always,
  completed: enable_if_disabled,
};
