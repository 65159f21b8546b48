// SPDX-License-Identifier: GPL-2.0-only
/** How a task changes its patch_state: itself at a switch point, or others for it by its stack (transition.c). */
import { B } from '../../mem/barriers.js';
import { READ_ONCE, smp_rmb, WRITE_ONCE } from '../../mem/heap.js';
import { EV, HOW } from '../../trace/events.js';
import { EADDRINUSE, EBUSY, EINVAL, TIF_PATCH_PENDING } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { task_struct, vmlinux } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { task_pid, trace_pid } from '../sched/pid.js';
import { preempt_disable, preempt_enable, preemptible } from '../sched/preempt.js';
import { task_curr } from '../sched/rq.js';
import {
  clear_tsk_thread_flag,
  test_and_clear_tsk_thread_flag,
  test_tsk_thread_flag,
} from '../sched/thread_flags.js';
import { task_call_func } from '../sched/wakeup.js';
import { preempt_schedule_irq } from '../sched/workqueue.js';
import { klp_check_stack, STACK_CLEAR, STACK_UNRELIABLE } from './stack.js';

export function trace_switched(k: Kernel, p: Task, from: number, to: number, how: number): void {
  k.trace.emit(EV.patch_state, trace_pid(k), task_pid(k, p), from, to, how, 0);
}

/**
 * Switches `task` to the target if it is asked to. It is current, or inactive: else the handler could use the wrong
 * state. (force breaks that rule knowingly.)
 *
 * Preemption is off so that klp_synchronize_transition waits for a switch that has begun.
 */
export function klp_update_patch_state(k: Kernel, task: Task): void {
  __klp_update_patch_state(k, task, HOW.self);
}

export function __klp_update_patch_state(k: Kernel, task: Task, how: number): void {
  preempt_disable(k);
  /*
   * KLP_R_TIF: a full RMW, so (1) the flag is read before klp_target_state; pairs with KLP_W_INIT and KLP_W_REVERSE;
   * without it the task takes an old target; and (2) the flag is read before func->transition in a later handler on
   * this CPU; pairs with KLP_W_DISABLE; without it the task misses the transition.
   */
  if (test_and_clear_tsk_thread_flag(k, task, TIF_PATCH_PENDING)) {
    const from = READ_ONCE(k, task, task_struct.patch_state);
    const to = READ_ONCE(k, k.g, vmlinux.klp_target_state);
    if (preemptible(k)) preempt_schedule_irq(k);
    WRITE_ONCE(k, task, task_struct.patch_state, to);
    k.count[COUNTER.switched_self] = (k.count[COUNTER.switched_self] as number) + 1;
    trace_switched(k, task, from, to, how);
  }
  preempt_enable(k);
}

/** The task is pinned by task_call_func, or current. 0, -EBUSY: it runs; -EADDRINUSE, -EINVAL: see klp_check_stack. */
function klp_check_and_switch_task(k: Kernel, task: Task): number {
  return check_and_switch(k, task, HOW.stack_check);
}

function check_and_switch(k: Kernel, task: Task, how: number): number {
  if (task !== k.current && task_curr(k, task)) {
    trace_refusal(k, task, -EBUSY, -1);
    return -EBUSY;
  }
  const blocking = klp_check_stack(k, task);
  if (blocking !== STACK_CLEAR) {
    const err = blocking === STACK_UNRELIABLE ? -EINVAL : -EADDRINUSE;
    trace_refusal(k, task, err, blocking);
    return err;
  }
  if (preemptible(k)) preempt_schedule_irq(k);
  /* The order of these two does not matter: the task does not run. */
  clear_tsk_thread_flag(k, task, TIF_PATCH_PENDING);
  const from = READ_ONCE(k, task, task_struct.patch_state);
  const to = READ_ONCE(k, k.g, vmlinux.klp_target_state);
  WRITE_ONCE(k, task, task_struct.patch_state, to);
  k.count[COUNTER.switched_stack] = (k.count[COUNTER.switched_stack] as number) + 1;
  trace_switched(k, task, from, to, how);
  return 0;
}

function trace_refusal(k: Kernel, task: Task, err: number, func: number): void {
  k.trace.emit(EV.klp_stack, trace_pid(k), task_pid(k, task), err, func, 0, 0);
}

/** True when the task is in the target state, be it that it already was. */
export function klp_try_switch_task(k: Kernel, task: Task): boolean {
  if (READ_ONCE(k, task, task_struct.patch_state) === READ_ONCE(k, k.g, vmlinux.klp_target_state))
    return true;
  /* Without reliable stacks the task must switch itself, at kernel exit, in the idle loop, at a switch point. */
  if (!k.cfg.reliable_stack) return false;
  if (task === k.current) return check_and_switch(k, task, HOW.sched) === 0;
  return task_call_func(k, task, klp_check_and_switch_task) === 0;
}

/**
 * From cond_resched (6.3 and later): switches the current task if its stack allows it. klp_mutex may not be taken
 * here; preemption off and task_call_func keep others from switching this task meanwhile.
 */
export function __klp_sched_try_switch(k: Kernel): void {
  preempt_disable(k);
  if (test_tsk_thread_flag(k, k.current, TIF_PATCH_PENDING)) {
    /*
     * KLP_R_SCHED: the flag before klp_target_state in klp_try_switch_task. Pairs with KLP_W_INIT, KLP_W_DISABLE and
     * KLP_W_REVERSE. Without it the stack is checked for the wrong direction.
     */
    smp_rmb(k, B.KLP_R_SCHED);
    klp_try_switch_task(k, k.current);
  }
  preempt_enable(k);
}

/** For protocols: an idle task of an offline CPU does not run and has no stack to look at; it switches at once. */
export function klp_switch_offline_idle(k: Kernel, idle: Task): void {
  const target = READ_ONCE(k, k.g, vmlinux.klp_target_state);
  const from = READ_ONCE(k, idle, task_struct.patch_state);
  if (from === target) return;
  clear_tsk_thread_flag(k, idle, TIF_PATCH_PENDING);
  WRITE_ONCE(k, idle, task_struct.patch_state, target);
  trace_switched(k, idle, from, target, HOW.offline_idle);
}
