// SPDX-License-Identifier: GPL-2.0-only
/** set_cpus_allowed_ptr: used by the torture shuffle. */
import { READ_ONCE, WRITE_ONCE } from '../../mem/heap.js';
import { embedded } from '../../mem/layout.js';
import { PF_CONTROL, PF_NO_SETAFFINITY } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import { __task_rq_lock, is_cpu_allowed, resched_curr, rq_unlock, task_cpu, task_curr } from './rq.js';

/**
 * Changes where p may run. A running task that must leave is made to schedule; a queued one is moved when its CPU
 * next schedules (push_stranded). False: the task is bound for good.
 */
export function set_cpus_allowed_ptr(k: Kernel, p: Task, mask: number): boolean {
  if ((READ_ONCE(k, p, task_struct.flags) & (PF_NO_SETAFFINITY | PF_CONTROL)) !== 0) return false;
  const pi_lock = embedded(p, task_struct.pi_lock);
  raw_spin_lock(k, pi_lock, _THIS_IP_.set_cpus_allowed_ptr);
  const rq = __task_rq_lock(k, p, _THIS_IP_.set_cpus_allowed_ptr);
  WRITE_ONCE(k, p, task_struct.cpus_mask, mask);
  const on_rq = READ_ONCE(k, p, task_struct.on_rq) !== 0;
  if (on_rq && !is_cpu_allowed(k, p, task_cpu(k, p)) && task_curr(k, p)) resched_curr(k, rq);
  rq_unlock(k, rq);
  raw_spin_unlock(k, pi_lock);
  return true;
}
