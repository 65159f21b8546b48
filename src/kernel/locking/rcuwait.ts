// SPDX-License-Identifier: GPL-2.0-only
/**
 * rcuwait (include/linux/rcuwait.h): one task waits, anybody wakes it, without a queue or a lock. The waiter:
 *
 *   prepare_to_rcuwait(k, w);
 *   for (;;) {
 *     set_current_state(k, TASK_UNINTERRUPTIBLE);    RCUWAIT_A
 *     if (condition) break;
 *     schedule(k);
 *   }
 *   finish_rcuwait(k, w);
 *
 * RCUWAIT_A: set_current_state is a full barrier, so w->task and the state stand before the condition is read. Pairs
 * with RCUWAIT_B. Without it: the waker sees no waiter, the waiter sees no condition, and it sleeps for ever.
 */
import { B } from '../../mem/barriers.js';
import { READ_ONCE, rcu_assign_pointer, rcu_dereference, smp_mb, store } from '../../mem/heap.js';
import { NULL, type Ptr } from '../../mem/layout.js';
import { SimulatorBug } from '../../util/fault.js';
import { TASK_RUNNING } from '../abi/constants.js';
import { rcuwait } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { rcu_read_lock, rcu_read_unlock } from '../rcu/tree.js';
import { __set_current_state } from '../sched/wait_task.js';
import { wake_up_process } from '../sched/wakeup.js';

export type Rcuwait = Ptr<'rcuwait'>;

export function rcuwait_init(k: Kernel, w: Rcuwait): void {
  store(k, w, rcuwait.task, NULL);
}

export function prepare_to_rcuwait(k: Kernel, w: Rcuwait): void {
  if (READ_ONCE(k, w, rcuwait.task) !== NULL) throw new SimulatorBug('two tasks wait on one rcuwait');
  rcu_assign_pointer(k, w, rcuwait.task, k.current);
}

export function finish_rcuwait(k: Kernel, w: Rcuwait): void {
  rcu_assign_pointer(k, w, rcuwait.task, NULL);
  __set_current_state(k, TASK_RUNNING);
}

/** After the condition was made true. True: a waiter was asleep and is woken. */
export function rcuwait_wake_up(k: Kernel, w: Rcuwait, ip: number): boolean {
  /* The read section keeps the task_struct of a waiter that leaves meanwhile. */
  rcu_read_lock(k);
  /* RCUWAIT_B: the condition before the load of w->task. Pairs with RCUWAIT_A. Without it: lost wake-up. */
  smp_mb(k, B.RCUWAIT_B);
  const task = rcu_dereference(k, w, rcuwait.task);
  const woken = task !== NULL && wake_up_process(k, task, ip);
  rcu_read_unlock(k);
  return woken;
}
