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

/*
 * Named for what was expected of it: it is right, and a search that finds something here has found something else.
 *
 *   1. enter disables hotplug, which waits for a cpu_down() or cpu_up() in flight. Until hotplug is enabled again the
 *      idle tasks of all online CPUs are flagged, and those of the others switched (start_excluded).
 *   2. A CPU that goes down later first runs its cpuhp thread (cpuhp_kick_ap to CPUHP_TEARDOWN_CPU). For that its idle
 *      task gives the CPU away, and when it has it back it passes its switch point, flag set.
 *   3. Only then can stop_machine take the CPU out of the online mask. Who is not in the mask has switched, then.
 *   4. A CPU that comes up later has been switched in 1, and has no flag.
 *   5. A reversal does 1 anew, in start_excluded.
 *
 * So an attempt over online CPUs misses nobody, and the re-check cannot find anything that it did not.
 */
export const busted_no_recheck: Protocol = {
  ...compromise,
  id: 'busted-no-recheck',
  author: 'klptorture',
  date: '2026',
  source: 'compromise without the second half of its step 2',
  expected:
    'pass: what the re-check looks for cannot be there, since hotplug was kept out while flags were set',
  idea: 'An attempt over online CPUs that finds all switched completes the transition.',
  objection:
    'A CPU that goes down leaves the online mask before its idle task passes the switch point for the last time; but it has passed it once before.',
  recheck: always,
  completed: enable_if_disabled,
};
