// SPDX-License-Identifier: GPL-2.0-only
/**
 * The barrier registry: every barrier of the kernel code, explicit or implied, as data. From it come the pairing
 * test, the table in the README, and runs that drop one barrier. Derived by reading kernel/livepatch/transition.c,
 * patch.c, core.c, kernel/locking/percpu-rwsem.c, include/linux/percpu-rwsem.h, kernel/cpu.c and
 * kernel/sched/core.c of 6.1 and 6.12.
 */

import { type ImpliedPlace, impliedPlaces, impliedRows } from './implied_barriers.js';

export type BarrierKind = 'wmb' | 'rmb' | 'mb' | 'full RMW' | 'grace period' | 'rel/acq' | 'dependency';

export interface Barrier {
  readonly nr: number;
  readonly id: string;
  /** Function it stands in. */
  readonly where: string;
  readonly kind: BarrierKind;
  /** What is ordered before what. */
  readonly orders: string;
  /** Ids of the partners; an implied partner that is no row of its own is named in words. */
  readonly pairs: readonly string[];
  /** What breaks without it. */
  readonly without: string;
  /** The operations that it is part of; empty: it is calls of its own, with its id. */
  readonly implied: readonly ImpliedPlace[];
}

type Row = Omit<Barrier, 'nr' | 'id' | 'implied'>;

const rows = {
  KLP_W_INIT: {
    where: 'klp_init_transition',
    kind: 'wmb',
    orders: 'patch_state inits before func.transition; klp_target_state before later TIF_PATCH_PENDING sets',
    pairs: ['KLP_R_STATE', 'KLP_R_TIF', 'KLP_R_SCHED'],
    without: 'the handler sees an undefined patch_state; a task switches to undefined',
  },
  KLP_W_ENABLE: {
    where: '__klp_enable_patch',
    kind: 'wmb',
    orders: 'func.transition before the publication on func_stack',
    pairs: ['KLP_R_FUNC'],
    without: 'the new function is used before its task has switched',
  },
  KLP_W_PATCH: {
    where: '__klp_enable_patch (not in Linux)',
    kind: 'wmb',
    orders: 'the publication on func_stack before TIF_PATCH_PENDING sets',
    pairs: ['KLP_R_TIF'],
    without: 'a switched task calls the version of an earlier patch once more',
  },
  KLP_W_DISABLE: {
    where: '__klp_disable_patch',
    kind: 'wmb',
    orders: 'func.transition before TIF_PATCH_PENDING sets',
    pairs: ['KLP_R_TIF', 'KLP_R_SCHED'],
    without: 'a switched task misses the transition and calls the new function once more',
  },
  KLP_W_REVERSE: {
    where: 'klp_reverse_transition (6.3 and later)',
    kind: 'wmb',
    orders: 'klp_target_state before TIF_PATCH_PENDING sets',
    pairs: ['KLP_R_TIF', 'KLP_R_SCHED'],
    without: 'a task is set to the old target and never switched again',
  },
  KLP_R_FUNC: {
    where: 'klp_ftrace_handler',
    kind: 'rmb',
    orders: 'func_stack before func.transition',
    pairs: ['KLP_W_ENABLE'],
    without: 'as KLP_W_ENABLE',
  },
  KLP_R_STATE: {
    where: 'klp_ftrace_handler',
    kind: 'rmb',
    orders: 'func.transition before current.patch_state',
    pairs: ['KLP_W_INIT'],
    without: 'stale state, wrong function',
  },
  KLP_R_TIF: {
    where: 'klp_update_patch_state (test_and_clear)',
    kind: 'full RMW',
    orders: 'TIF_PATCH_PENDING before klp_target_state; TIF_PATCH_PENDING before later func.transition',
    pairs: ['KLP_W_INIT', 'KLP_W_PATCH', 'KLP_W_DISABLE', 'KLP_W_REVERSE'],
    without: 'the task takes an old target, or misses the transition',
  },
  KLP_R_SCHED: {
    where: '__klp_sched_try_switch (6.3 and later)',
    kind: 'rmb',
    orders: 'TIF_PATCH_PENDING before klp_target_state',
    pairs: ['KLP_W_INIT', 'KLP_W_DISABLE', 'KLP_W_REVERSE'],
    without: 'wrong target, or a stack checked for the wrong direction',
  },
  KLP_GP_SYNC: {
    where: 'klp_synchronize_transition',
    kind: 'grace period',
    orders: 'every preempt-disabled section that began before it, before what follows it',
    pairs: [
      'preempt-disabled sections of klp_ftrace_handler, klp_update_patch_state, __klp_sched_try_switch',
    ],
    without: 'the handler picks a removed function; a late switch overwrites a new state',
  },
  PRW_A: {
    where: '__percpu_down_read_trylock',
    kind: 'mb',
    orders: 'read_count++ before the load of block',
    pairs: ['PRW_D'],
    without: 'reader and writer both enter',
  },
  PRW_B: {
    where: '__percpu_up_read',
    kind: 'mb',
    orders: 'critical section before read_count--',
    pairs: ['PRW_C'],
    without: "the writer misses the reader's writes",
  },
  PRW_C: {
    where: 'readers_active_check',
    kind: 'mb',
    orders: 'sum == 0 before the critical section',
    pairs: ['PRW_B'],
    without: "the writer misses the reader's writes",
  },
  PRW_D: {
    where: '__percpu_down_write_trylock (xchg)',
    kind: 'full RMW',
    orders: 'block = 1 before the sum of read_count',
    pairs: ['PRW_A'],
    without: 'reader and writer both enter',
  },
  PRW_REL: {
    where: 'percpu_up_write (release), __percpu_down_read_trylock (acquire)',
    kind: 'rel/acq',
    orders: "the writer's section before the next reader's",
    pairs: ['PRW_REL'],
    without: "the reader misses the writer's writes",
  },
  PRW_WQ: {
    where: 'percpu_rwsem_wake_function (release), percpu_rwsem_wait (acquire)',
    kind: 'rel/acq',
    orders: 'the dequeue before the return of the waiter',
    pairs: ['PRW_WQ'],
    without: 'the wait entry is used after its owner has returned',
  },
  WQ_CAREFUL: {
    where: 'list_del_init_careful of autoremove_wake_function (release), finish_wait (acquire)',
    kind: 'rel/acq',
    orders: "the waker's last access to the entry before the return of a waiter that takes no lock",
    pairs: ['WQ_CAREFUL'],
    without: 'the wait entry is used again while the waker still unlinks it',
  },
  RCUWAIT_A: {
    where: 'prepare_to_rcuwait (set_current_state)',
    kind: 'mb',
    orders: 'w->task and the task state before the condition',
    pairs: ['RCUWAIT_B'],
    without: 'lost wake-up: the writer sleeps although the last reader left',
  },
  RCUWAIT_B: {
    where: 'rcuwait_wake_up',
    kind: 'mb',
    orders: 'the condition before the load of w->task',
    pairs: ['RCUWAIT_A'],
    without: 'lost wake-up (real bug up to 4.20: smp_rmb stood here)',
  },
  CPUHP_MB_KICK: {
    where: '__cpuhp_kick_ap',
    kind: 'mb',
    orders: 'st->target and st->bringup before st->should_run',
    pairs: ['CPUHP_MB_FUN'],
    without: 'the AP runs with the old target',
  },
  CPUHP_MB_FUN: {
    where: 'cpuhp_thread_fun',
    kind: 'mb',
    orders: 'st->should_run before st->target and st->bringup',
    pairs: ['CPUHP_MB_KICK'],
    without: 'the AP runs with the old target',
  },
  TTWU_STATE: {
    where: 'try_to_wake_up (smp_mb__after_spinlock)',
    kind: 'mb',
    orders: "the waker's condition before the load of p->__state",
    pairs: ['SET_STATE', 'SCHED_LOCK'],
    without: 'lost wake-up',
  },
  SET_STATE: {
    where: 'set_current_state (smp_store_mb)',
    kind: 'mb',
    orders: 'p->__state before the condition of the sleeper',
    pairs: ['TTWU_STATE'],
    without: 'lost wake-up',
  },
  TTWU_ON_RQ: {
    where: 'try_to_wake_up, task_call_func',
    kind: 'rmb',
    orders: 'p->__state before p->on_rq',
    pairs: ['SCHED_LOCK'],
    without: 'a task that is still queued is queued again',
  },
  TTWU_ON_CPU: {
    where: 'try_to_wake_up, task_call_func (smp_cond_load_acquire)',
    kind: 'rel/acq',
    orders: 'p->on_cpu == 0 before the use, or the check, of the stack of p on another CPU',
    pairs: ['FINISH_TASK'],
    without: 'two CPUs run on one stack; livepatch checks a stack that is still written',
  },
  FINISH_TASK: {
    where: 'context_switch (smp_store_release)',
    kind: 'rel/acq',
    orders: 'all that prev did before p->on_cpu = 0',
    pairs: ['TTWU_ON_CPU'],
    without: 'two CPUs run on one stack',
  },
  SCHED_LOCK: {
    where: '__schedule (smp_mb__after_spinlock)',
    kind: 'mb',
    orders: 'p->__state and p->on_rq of prev before those of next',
    pairs: ['TTWU_ON_RQ', 'TTWU_STATE'],
    without: 'a wake-up finds an old state',
  },
  RCU_GP: {
    where: 'synchronize_rcu',
    kind: 'grace period',
    orders: "the caller's earlier writes before every reader that the grace period does not wait for",
    pairs: ['RCU_QS'],
    without: 'memory is freed under a reader',
  },
  RCU_QS: {
    where: 'rcu_qs, rcu_eqs_enter, rcu_eqs_exit',
    kind: 'mb',
    orders: 'read-side sections before the report of the quiescent state, and the report before later ones',
    pairs: ['RCU_GP'],
    without: 'memory is freed under a reader',
  },
  IDLE_POLL: {
    where: 'halt (idle loop)',
    kind: 'mb',
    orders: 'the halted mark before the last look at the IPI word',
    pairs: ['IPI_SEND'],
    without: 'a CPU sleeps with a pending IPI',
  },
  IPI_SEND: {
    where: 'send_ipi (fetch_or)',
    kind: 'full RMW',
    orders: 'the request before the look at the halted mark',
    pairs: ['IDLE_POLL'],
    without: 'a CPU sleeps with a pending IPI',
  },
  ...impliedRows,
} as const satisfies Record<string, Row>;

export type BarrierId = keyof typeof rows;

export const barriers: readonly Barrier[] = Object.entries(rows).map(([id, row], i) => ({
  nr: i,
  id,
  ...row,
  implied: impliedPlaces[id] ?? [],
}));

/** Number of each barrier, as passed to smp_mb and its kin. */
export const B = Object.fromEntries(barriers.map((b) => [b.id, b.nr])) as {
  readonly [K in BarrierId]: number;
};

/** A grace period is neither a call with an id nor an operation that has a relaxed form: protocols leave it out. */
export function canBeDropped(barrier: Barrier): boolean {
  return barrier.id !== 'KLP_GP_SYNC';
}
