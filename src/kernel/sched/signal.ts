// SPDX-License-Identifier: GPL-2.0-only
/** The fake signal that livepatch sends (include/linux/sched/signal.h). */
import { READ_ONCE } from '../../mem/heap.js';
import { IPI_RESCHEDULE, TASK_INTERRUPTIBLE, TIF_NOTIFY_SIGNAL } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { task_struct } from '../abi/structs.js';
import { send_ipi } from '../cpu/ipi.js';
import type { Kernel, Task } from '../kernel.js';
import { task_curr } from './rq.js';
import { test_and_set_tsk_thread_flag } from './thread_flags.js';
import { wake_up_state } from './wakeup.js';

/** Interrupts an interruptible sleep; a running task is kicked so that it passes its kernel exit soon. */
export function set_notify_signal(k: Kernel, p: Task): void {
  if (test_and_set_tsk_thread_flag(k, p, TIF_NOTIFY_SIGNAL)) return;
  if (wake_up_state(k, p, TASK_INTERRUPTIBLE, _THIS_IP_.klp_send_signals)) return;
  /* kick_process: racy on purpose, a task that just left its CPU meets the flag anyway. */
  if (task_curr(k, p)) send_ipi(k, READ_ONCE(k, p, task_struct.cpu), IPI_RESCHEDULE);
}
