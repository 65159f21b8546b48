// SPDX-License-Identifier: GPL-2.0-only
/** Entry and exit of the kernel (kernel/entry/common.c): where user tasks switch themselves. */
import { READ_ONCE } from '../../mem/heap.js';
import { EV, SWITCH_POINT } from '../../trace/events.js';
import { TIF_NEED_RESCHED, TIF_NOTIFY_SIGNAL, TIF_PATCH_PENDING, TIF_SIGPENDING } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { klp_update_patch_state } from '../livepatch/update.js';
import { rcu_qs } from '../rcu/tree.js';
import { preempt_schedule } from '../sched/core.js';
import { trace_pid } from '../sched/pid.js';
import { clear_tsk_thread_flag } from '../sched/thread_flags.js';

const EXIT_WORK =
  (1 << TIF_PATCH_PENDING) | (1 << TIF_NEED_RESCHED) | (1 << TIF_SIGPENDING) | (1 << TIF_NOTIFY_SIGNAL);

export function enter_kernel(k: Kernel, entry: number): void {
  k.count[COUNTER.syscalls] = (k.count[COUNTER.syscalls] as number) + 1;
  k.trace.emit(EV.syscall_enter, trace_pid(k), entry, 0, 0, 0, 0);
}

/** `arg` of OP_RET_TO_USER: the way back from a system call, or from an interrupt of user mode. */
export const FROM_SYSCALL = 0;
export const FROM_INTERRUPT = 1;

/**
 * The loop that handles pending work until none is left. The saved pc is the exit path itself, so a task that is
 * preempted in here comes back to the loop. False: the task has left its CPU.
 */
export function exit_to_user_mode(k: Kernel, from: number): boolean {
  const p = k.current;
  for (;;) {
    const flags = READ_ONCE(k, p, task_struct.thread_flags);
    if ((flags & EXIT_WORK) === 0) break;
    if ((flags & (1 << TIF_NEED_RESCHED)) !== 0) {
      preempt_schedule(k);
      if (k.current !== p) return false;
    }
    if ((flags & (1 << TIF_NOTIFY_SIGNAL)) !== 0) clear_tsk_thread_flag(k, p, TIF_NOTIFY_SIGNAL);
    if ((flags & (1 << TIF_SIGPENDING)) !== 0) clear_tsk_thread_flag(k, p, TIF_SIGPENDING);
    if ((flags & (1 << TIF_PATCH_PENDING)) !== 0) switch_here(k, from);
  }
  /* User mode is a quiescent state. */
  rcu_qs(k);
  if (from === FROM_SYSCALL) {
    k.trace.emit(EV.syscall_exit, trace_pid(k), READ_ONCE(k, p, task_struct.patch_state), 0, 0, 0, 0);
  }
  return true;
}

function switch_here(k: Kernel, from: number): void {
  const p = k.current;
  klp_update_patch_state(k, p);
  const kind = from === FROM_SYSCALL ? SWITCH_POINT.kernel_exit : SWITCH_POINT.user_preempt;
  const pending = (READ_ONCE(k, p, task_struct.thread_flags) >>> TIF_PATCH_PENDING) & 1;
  k.trace.emit(EV.switch_point, trace_pid(k), kind, READ_ONCE(k, p, task_struct.patch_state), pending, 0, 0);
}
