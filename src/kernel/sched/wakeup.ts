// SPDX-License-Identifier: GPL-2.0-only
/** Wake-ups (kernel/sched/core.c): try_to_wake_up and its kin, and task_call_func. */

import { B } from '../../mem/barriers.js';
import {
  futex_wake,
  load,
  READ_ONCE,
  smp_load_acquire,
  smp_mb,
  smp_rmb,
  WRITE_ONCE,
} from '../../mem/heap.js';
import { embedded } from '../../mem/layout.js';
import { EV } from '../../trace/events.js';
import { ACTOR_STATE, PF_CONTROL, TASK_NORMAL, TASK_RUNNING, TASK_WAKING } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, task_struct } from '../abi/structs.js';
import { type Kernel, per_cpu, type Task } from '../kernel.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import { task_pid, trace_pid } from './pid.js';
import { cpu_relax, set_actor_state } from './preempt.js';
import {
  __task_rq_lock,
  activate_task,
  is_idle_task,
  resched_curr,
  rq_lock,
  rq_unlock,
  select_task_rq,
  set_task_cpu,
} from './rq.js';

/**
 * Wakes p if its state is one of `state`; true if this call woke it. p->pi_lock serializes wakers and holds off
 * task_call_func.
 */
export function try_to_wake_up(k: Kernel, p: Task, state: number, ip: number): boolean {
  const pi_lock = embedded(p, task_struct.pi_lock);
  raw_spin_lock(k, pi_lock, ip);
  /*
   * TTWU_STATE: the condition that the caller has set, before the load of p->__state. Pairs with SET_STATE in
   * set_current_state. Without it the sleeper misses the condition and we miss that it sleeps.
   */
  smp_mb(k, B.TTWU_STATE);
  const found = READ_ONCE(k, p, task_struct.__state);
  if ((found & state) === 0) {
    raw_spin_unlock(k, pi_lock);
    return false;
  }
  k.trace.emit(EV.sched_wakeup, trace_pid(k), task_pid(k, p), READ_ONCE(k, p, task_struct.cpu), found, 0, 0);
  if ((READ_ONCE(k, p, task_struct.flags) & PF_CONTROL) !== 0) {
    /* A control path sleeps on its own state word. */
    WRITE_ONCE(k, p, task_struct.__state, TASK_RUNNING);
    futex_wake(k, p, task_struct.__state, 1);
    raw_spin_unlock(k, pi_lock);
    return true;
  }
  /*
   * TTWU_ON_RQ: the load of p->__state before that of p->on_rq. Pairs with SCHED_LOCK: a task that was seen asleep
   * must not be seen with the on_rq of before. Without it a queued task would be queued twice.
   */
  smp_rmb(k, B.TTWU_ON_RQ);
  if (on_rq_before_on_cpu(k, p) && ttwu_runnable(k, p, ip)) {
    raw_spin_unlock(k, pi_lock);
    return true;
  }
  WRITE_ONCE(k, p, task_struct.__state, TASK_WAKING);
  wait_off_cpu(k, p);
  set_task_cpu(k, p, select_task_rq(k, p));
  WRITE_ONCE(k, p, task_struct.__state, TASK_RUNNING);
  activate_task(k, p, ip);
  raw_spin_unlock(k, pi_lock);
  return true;
}

/**
 * The load of p->on_rq stands before that of p->on_cpu (an acquire; smp_acquire__after_ctrl_dep in Linux). Without it
 * p, seen to have left the queue, is seen with the on_cpu == 0 of before it last ran.
 */
function on_rq_before_on_cpu(k: Kernel, p: Task): boolean {
  return smp_load_acquire(k, p, task_struct.on_rq) !== 0;
}

/**
 * TTWU_ON_CPU: waits until the CPU that switched p out has left its stack; acquire, pairs with the release in
 * context_switch (FINISH_TASK). Without it two CPUs run on one stack, or a stack is read while it is still written.
 * p->pi_lock is held. Condition: on_cpu == 0. Waker: none, it is short, and the other CPU needs no lock of ours.
 */
function wait_off_cpu(k: Kernel, p: Task): void {
  if (smp_load_acquire(k, p, task_struct.on_cpu) === 0) return;
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.on_cpu, task_pid(k, p));
  while (smp_load_acquire(k, p, task_struct.on_cpu) !== 0) cpu_relax(k);
  k.spins = 0;
  set_actor_state(k, state, obj);
}

/** p is still queued or running (it is between setting its state and schedule): setting the state is enough. */
function ttwu_runnable(k: Kernel, p: Task, ip: number): boolean {
  const rq = __task_rq_lock(k, p, ip);
  const queued = READ_ONCE(k, p, task_struct.on_rq) !== 0;
  if (queued) WRITE_ONCE(k, p, task_struct.__state, TASK_RUNNING);
  rq_unlock(k, rq);
  return queued;
}

export function wake_up_process(k: Kernel, p: Task, ip: number): boolean {
  return try_to_wake_up(k, p, TASK_NORMAL, ip);
}

export function wake_up_state(k: Kernel, p: Task, state: number, ip: number): boolean {
  return try_to_wake_up(k, p, state, ip);
}

/** A new task's first enqueue. Nobody else can know it but those who walk the task list. */
export function wake_up_new_task(k: Kernel, p: Task): void {
  const pi_lock = embedded(p, task_struct.pi_lock);
  raw_spin_lock(k, pi_lock, _THIS_IP_.wake_up_new_task);
  WRITE_ONCE(k, p, task_struct.__state, TASK_RUNNING);
  set_task_cpu(k, p, select_task_rq(k, p));
  activate_task(k, p, _THIS_IP_.wake_up_new_task);
  raw_spin_unlock(k, pi_lock);
}

/**
 * Runs `func` on p while p is pinned in its state: blocked (pi_lock holds off wake-ups), or queued or running
 * (rq->lock holds off the scheduler).
 */
export function task_call_func(k: Kernel, p: Task, func: (k: Kernel, p: Task) => number): number {
  const pi_lock = embedded(p, task_struct.pi_lock);
  raw_spin_lock(k, pi_lock, _THIS_IP_.task_call_func);
  const state = READ_ONCE(k, p, task_struct.__state);
  /*
   * As in try_to_wake_up: the load of the state before that of on_rq (TTWU_ON_RQ). A task in the middle of
   * __schedule with its state set and on_rq already cleared is blocked once its CPU has left it (TTWU_ON_CPU).
   */
  smp_rmb(k, B.TTWU_ON_RQ);
  let ret: number;
  if (state === TASK_RUNNING || state === TASK_WAKING || on_rq_before_on_cpu(k, p)) {
    const rq = __task_rq_lock(k, p, _THIS_IP_.task_call_func);
    ret = func(k, p);
    rq_unlock(k, rq);
  } else {
    wait_off_cpu(k, p);
    ret = func(k, p);
  }
  raw_spin_unlock(k, pi_lock);
  return ret;
}

/** Makes the idle task of `cpu` leave its inner loop, if it is what runs there (5.16 and later). */
export function wake_up_if_idle(k: Kernel, cpu: number): void {
  const rq = per_cpu(k, cpu);
  if (!is_idle_task(k, READ_ONCE(k, rq, percpu.curr), cpu)) return;
  rq_lock(k, rq, _THIS_IP_.wake_up_if_idle);
  if (is_idle_task(k, READ_ONCE(k, rq, percpu.curr), cpu)) resched_curr(k, rq);
  rq_unlock(k, rq);
}
