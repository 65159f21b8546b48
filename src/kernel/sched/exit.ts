// SPDX-License-Identifier: GPL-2.0-only
/** The end of a task (kernel/exit.c). */
import { load, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded } from '../../mem/layout.js';
import { list_del_rcu } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import { PF_EXITING, TASK_DEAD } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { task_struct, vmlinux } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { write_lock, write_unlock } from '../locking/rwlock.js';
import { call_rcu, RCU_FUNC_PUT_TASK } from '../rcu/tree.js';
import { task_pid } from './pid.js';

/** The current task leaves the task list and dies; the caller schedules and never comes back to it. */
export function do_exit(k: Kernel): void {
  const p = k.current;
  const list = embedded(k.g, vmlinux.tasklist_lock);
  /* Marked: others read the flags of a running task for bits that never change. */
  WRITE_ONCE(k, p, task_struct.flags, load(k, p, task_struct.flags) | PF_EXITING);
  /* release_task: under tasklist_lock for writing, so no walk of livepatch is under way. */
  write_lock(k, list, _THIS_IP_.release_task);
  list_del_rcu(k, embedded(p, task_struct.tasks));
  store(k, k.g, vmlinux.nr_threads, load(k, k.g, vmlinux.nr_threads) - 1);
  k.trace.emit(EV.task_exit, task_pid(k, p), task_pid(k, p), 0, 0, 0, 0);
  write_unlock(k, list);
  k.count[COUNTER.exits] = (k.count[COUNTER.exits] as number) + 1;
  WRITE_ONCE(k, p, task_struct.__state, TASK_DEAD);
}

/**
 * finish_task_switch of a dead task: its CPU has left its stack. The task_struct goes a grace period later, since a
 * waker that woke it for the last time may still hold its pi_lock.
 */
export function task_dead(k: Kernel, p: Task): void {
  call_rcu(k, embedded(p, task_struct.rcu), RCU_FUNC_PUT_TASK, p);
}
