// SPDX-License-Identifier: GPL-2.0-only
import { cpu_hotplug_disable, cpu_hotplug_enable } from '../kernel/cpu/hotplug.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { flag_online_switch_offline, try_online } from './idle_steps.js';
import { mainline_6_12 } from './mainline-6.12.js';

/** Waits for an operation in flight. Lock order: klp_mutex before cpu_add_remove_lock. */
function disable_hotplug(k: Kernel): number {
  cpu_hotplug_disable(k);
  return 0;
}

/** Also after an enabling that was cancelled. */
function enable_hotplug(k: Kernel): void {
  cpu_hotplug_enable(k);
}

/* From enter to completed the set of CPUs stands still, also while a transition is reversed: no step needs a lock. */
export const hotplug_disabled: Protocol = {
  ...mainline_6_12,
  id: 'hotplug-disabled',
  author: 'Josh Poimboeuf',
  date: '2017-01-10',
  source: 'Re: [PATCH v3 13/15], cpu_hotplug_disable() before the offline idle tasks are switched',
  expected: 'pass; cpu_up() and cpu_down() get -EBUSY for as long as a transition takes',
  idea: 'cpu_hotplug_disable() for the whole transition.',
  objection: 'It refuses instead of waiting, and a transition may take long or for ever (Petr Mladek).',
  enter: disable_hotplug,
  start_idle: flag_online_switch_offline,
  try_complete_idle: try_online,
  completed: enable_hotplug,
};
