// SPDX-License-Identifier: GPL-2.0-only
import { CPUHP_BP_PREPARE_DYN, KLP_UNDEFINED } from '../kernel/abi/constants.js';
import {
  CPUHP_FN_KLP,
  cpuhp_remove_state_nocalls,
  cpuhp_setup_state_nocalls,
} from '../kernel/cpu/callbacks.js';
import { cpu_hotplug_disable, cpu_hotplug_enable } from '../kernel/cpu/hotplug.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { klp_target_state } from '../kernel/livepatch/transition.js';
import { klp_switch_offline_idle } from '../kernel/livepatch/update.js';
import { idle_task } from '../kernel/sched/rq.js';
import { exclude_hotplug, start_excluded } from './compromise.js';
import { try_online } from './idle_steps.js';
import { mainline_6_12 } from './mainline-6.12.js';

/** Hotplug is disabled before the callback is there, so that no operation is in the middle of its states. */
export function enter_registered(k: Kernel): number {
  exclude_hotplug(k);
  const ret = cpuhp_setup_state_nocalls(k, CPUHP_BP_PREPARE_DYN, CPUHP_FN_KLP);
  if (ret !== 0) cpu_hotplug_enable(k);
  return ret;
}

/** No second look: whoever came or went since the attempt was put right by the callback. Hotplug stays disabled. */
export function exclude_before_completion(k: Kernel): boolean {
  cpu_hotplug_disable(k);
  return true;
}

export function completed_unregistered(k: Kernel): void {
  cpuhp_remove_state_nocalls(k, CPUHP_BP_PREPARE_DYN);
  cpu_hotplug_enable(k);
}

/**
 * In the PREPARE section the callback runs on the path of cpu_up before the CPU is started, and on that of cpu_down
 * after it is dead: its idle task does not run either way.
 *
 * Not under klp_mutex: cpu_add_remove_lock is held here, which enter takes under klp_mutex. A reversal may therefore
 * change the target meanwhile; its start_idle excludes hotplug and so sets the state after us.
 */
export function switch_dead(k: Kernel, cpu: number): number {
  if (klp_target_state(k) !== KLP_UNDEFINED) klp_switch_offline_idle(k, idle_task(k, cpu));
  return 0;
}

export const notifiers: Protocol = {
  ...mainline_6_12,
  id: 'notifiers',
  author: 'Petr Mladek',
  date: '2017-01-11',
  source: 'Re: [PATCH v3 13/15], "we could add some hotplug notifiers" and cpuhp_setup_state_nocalls()',
  expected: 'pass; cpu_up() and cpu_down() get -EBUSY now and then',
  idea: 'As compromise, with callbacks that switch the idle tasks of CPUs that come and go in place of the re-check.',
  objection:
    'Callbacks run under the hotplug locks, so they may not take klp_mutex, and hotplug is still refused at both ends.',
  enter: enter_registered,
  started: cpu_hotplug_enable,
  start_idle: start_excluded,
  try_complete_idle: try_online,
  recheck: exclude_before_completion,
  completed: completed_unregistered,
  cpu_coming: switch_dead,
  cpu_going: switch_dead,
};
