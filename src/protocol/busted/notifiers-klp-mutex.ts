// SPDX-License-Identifier: GPL-2.0-only

import { _THIS_IP_ } from '../../kernel/abi/lock_classes.js';
import { vmlinux } from '../../kernel/abi/structs.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { mutex_lock, mutex_unlock } from '../../kernel/locking/mutex.js';
import { embedded } from '../../mem/layout.js';
import { notifiers, switch_dead } from '../notifiers.js';

/** cpu_add_remove_lock, then klp_mutex; klp_enable_patch takes them the other way round. */
function switch_dead_locked(k: Kernel, cpu: number): number {
  const lock = embedded(k.g, vmlinux.klp_mutex);
  mutex_lock(k, lock, _THIS_IP_.cpuhp_setup_state);
  const ret = switch_dead(k, cpu);
  mutex_unlock(k, lock);
  return ret;
}

export const busted_notifiers_klp_mutex: Protocol = {
  ...notifiers,
  id: 'busted-notifiers-klp-mutex',
  author: 'klptorture',
  date: '2026',
  source: 'notifiers with the lock that the rest of livepatch takes',
  expected: 'fail: PROG-HUNG-CONTROL, a deadlock',
  idea: 'The hotplug callback takes klp_mutex.',
  objection:
    'cpu_hotplug_disable() takes cpu_add_remove_lock under klp_mutex, the callback klp_mutex under cpu_add_remove_lock.',
  cpu_coming: switch_dead_locked,
  cpu_going: switch_dead_locked,
};
