// SPDX-License-Identifier: GPL-2.0-only
/**
 * Barriers that are no calls of their own but part of an operation: which operation of which function each is. To leave
 * one out means to take the relaxed form of that operation. A row of the registry that is not named here is a call.
 */

/** An operation in the sources: in the function `fn`, or in one that has `fn` written out in it. */
export interface ImpliedPlace {
  readonly fn: string;
  /** Operation of src/mem/heap.ts. */
  readonly op: string;
}

function places(op: string, ...fns: string[]): ImpliedPlace[] {
  const all: ImpliedPlace[] = [];
  for (const fn of fns) all.push({ fn, op });
  return all;
}

/** Registry rows of locks and publications. */
export const impliedRows = {
  KLP_PUBLISH: {
    where: 'klp_patch_func, klp_first_patch_func (list_add_rcu)',
    kind: 'rel/acq',
    orders: 'what a function holds, func.transition too, before its publication on func_stack',
    pairs: ['KLP_DEREF'],
    without: 'with KLP_W_ENABLE gone too: the new function is used before its task has switched',
  },
  KLP_DEREF: {
    where: 'klp_ftrace_handler (list_first_or_null_rcu, list_next_rcu)',
    kind: 'dependency',
    orders: 'the pointer on func_stack before what it points to',
    pairs: ['KLP_PUBLISH'],
    without: 'the function is used before it is filled in',
  },
  FTRACE_OPS: {
    where: 'register_ftrace_function (rcu_assign_pointer), ftrace_caller (rcu_dereference)',
    kind: 'rel/acq',
    orders: 'what an ops holds before its publication at the call site',
    pairs: ['FTRACE_OPS'],
    without: 'a handler runs with an ops that is not filled in',
  },
  SPINLOCK: {
    where: 'raw_spin_lock (acquire), raw_spin_unlock (release)',
    kind: 'rel/acq',
    orders: 'a section under the lock before the next one',
    pairs: ['SPINLOCK'],
    without: 'what a lock guards is seen as it was',
  },
  RWLOCK: {
    where: 'read_lock, write_lock (acquire), read_unlock, write_unlock (release)',
    kind: 'rel/acq',
    orders: 'a section under tasklist_lock before the next one, unless both only read',
    pairs: ['RWLOCK'],
    without: 'a walk over the tasks misses one, or sees a task half made',
  },
  MUTEX: {
    where: 'mutex_lock (acquire), mutex_unlock (release)',
    kind: 'rel/acq',
    orders: 'a section under the mutex before the next one',
    pairs: ['MUTEX'],
    without: 'what a mutex guards is seen as it was',
  },
  CPU_BOOT: {
    where: 'bringup_cpu (release), arch_cpu_idle_dead (acquire)',
    kind: 'rel/acq',
    orders: 'what was prepared for a CPU before its start',
    pairs: ['CPU_BOOT'],
    without: 'a CPU starts from an old state',
  },
  STOP_WORK: {
    where: 'stop_machine_cpuslocked (release), do_idle (acquire)',
    kind: 'rel/acq',
    orders: 'what the stoppers are to do before the request',
    pairs: ['STOP_WORK'],
    without: 'a stopper takes the end of the last stop_machine for that of this one and does nothing',
  },
  MULTI_STOP: {
    where: 'ack_state (release), multi_cpu_stop (acquire)',
    kind: 'rel/acq',
    orders: 'what was done in a state, and the counter, before the next state',
    pairs: ['MULTI_STOP'],
    without: 'a CPU goes on from a state that another one has not left',
  },
} as const;

export const impliedPlaces: Readonly<Record<string, readonly ImpliedPlace[]>> = {
  KLP_R_TIF: places('fetch_and', '__klp_update_patch_state'),
  KLP_PUBLISH: places('rcu_assign_pointer', '__list_add_rcu'),
  KLP_DEREF: places('rcu_dereference', 'list_first_or_null_rcu', 'list_next_rcu'),
  FTRACE_OPS: [
    ...places('rcu_assign_pointer', 'register_ftrace_function'),
    ...places('rcu_dereference', 'ftrace_caller'),
  ],
  PRW_D: places('xchg', '__percpu_down_write_trylock'),
  PRW_REL: [
    ...places('smp_store_release', 'percpu_up_write'),
    ...places('smp_load_acquire', '__percpu_down_read_trylock'),
  ],
  PRW_WQ: [
    ...places('smp_store_release', 'percpu_rwsem_wake_function'),
    ...places('smp_load_acquire', 'percpu_rwsem_wait'),
  ],
  WQ_CAREFUL: [
    ...places('smp_store_release', 'list_del_init_careful'),
    ...places('smp_load_acquire', 'list_empty_careful'),
  ],
  RCUWAIT_A: places('smp_store_mb', 'wait_for_readers'),
  SET_STATE: places('smp_store_mb', 'set_current_state'),
  TTWU_ON_CPU: places('smp_load_acquire', 'wait_off_cpu'),
  FINISH_TASK: places('smp_store_release', 'context_switch'),
  RCU_GP: places('fetch_add', 'synchronize_rcu'),
  RCU_QS: places('fetch_add', 'report_qs', 'rcu_eqs_enter', 'rcu_eqs_exit'),
  IDLE_POLL: places('smp_store_mb', 'halt'),
  IPI_SEND: places('fetch_or', 'send_ipi'),
  SPINLOCK: [
    ...places('cmpxchg_acquire', 'raw_spin_lock', 'raw_spin_lock_nested', 'raw_spin_trylock'),
    ...places('cmpxchg_acquire', 'raw_spin_lock_slowpath'),
    ...places('smp_store_release', 'raw_spin_unlock'),
  ],
  RWLOCK: [
    ...places('fetch_add_acquire', 'read_lock'),
    ...places('smp_load_acquire', 'queued_read_lock_slowpath'),
    ...places('cmpxchg_acquire', 'write_lock', 'queued_write_lock_slowpath'),
    ...places('fetch_add_release', 'read_unlock', 'write_unlock'),
  ],
  MUTEX: [
    ...places('cmpxchg_acquire', 'mutex_lock', 'mutex_trylock'),
    ...places('xchg_acquire', 'mutex_lock_slowpath'),
    ...places('xchg_release', 'mutex_unlock'),
  ],
  CPU_BOOT: [
    ...places('smp_store_release', 'bringup_cpu'),
    ...places('smp_load_acquire', 'arch_cpu_idle_dead'),
  ],
  STOP_WORK: [
    ...places('smp_store_release', 'stop_machine_cpuslocked'),
    ...places('smp_load_acquire', 'do_idle'),
  ],
  MULTI_STOP: [...places('smp_store_release', 'ack_state'), ...places('smp_load_acquire', 'multi_cpu_stop')],
};
