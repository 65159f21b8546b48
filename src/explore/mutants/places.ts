// SPDX-License-Identifier: GPL-2.0-only
/** Where each operator may make its changes: which calls, in which files. */

/** Calls that take a lock, and those that give it back. */
export const lockPairs: Readonly<Record<string, string>> = {
  raw_spin_lock: 'raw_spin_unlock',
  rq_lock: 'rq_unlock',
  mutex_lock: 'mutex_unlock',
  lock_klp: 'unlock_klp',
  lock_base: 'unlock_base',
  read_lock: 'read_unlock',
  write_lock: 'write_unlock',
  cpus_read_lock: 'cpus_read_unlock',
  cpus_write_lock: 'cpus_write_unlock',
  cpu_maps_update_begin: 'cpu_maps_update_done',
  percpu_down_read: 'percpu_up_read',
  percpu_down_write: 'percpu_up_write',
  cpu_hotplug_disable: 'cpu_hotplug_enable',
  rcu_read_lock: 'rcu_read_unlock',
};

export const graceCalls = /^(klp_synchronize_transition|synchronize_rcu|schedule_on_each_cpu)$/;

export const wakeCalls =
  /^(wake_up\w*|complete|complete_all|futex_wake|send_ipi|smp_call_function_sync|try_to_wake_up|rcuwait_wake_up|resched_curr|wake_channel|schedule_delayed_work|set_notify_signal)$/;

export const barrierCalls = /^smp_(mb|rmb|wmb)(__\w+)?$/;

/** Writes that others act upon. */
export const stateWrites =
  /^(WRITE_ONCE|smp_store_release|smp_store_mb|rcu_assign_pointer|set_tsk_thread_flag|clear_tsk_thread_flag|list_add_rcu|list_del_rcu|set_cpu_online|fetch_\w+|xchg\w*)$/;

/** Statements that only tell what happens: to move a write across them changes nothing. */
export const diagnostics =
  /^(k\.trace|k\.count|k\.audit|trace|warn|note|contended|lock_contended|set_actor_state|schedule_debug|might_sleep)/;

const livepatch = /^src\/kernel\/livepatch\//;
const hotplug = /^src\/kernel\/cpu\/hotplug/;
const rwsem = /^src\/kernel\/locking\/percpu_rwsem\.ts$/;

export function movesWrites(path: string): boolean {
  const others = /^src\/kernel\/(sched\/(idle|fork|exit)|rcu\/\w+)\.ts$|^src\/protocol\//;
  return [livepatch, hotplug, rwsem, others].some((r) => r.test(path));
}

export function negatesConditions(path: string): boolean {
  return [livepatch, hotplug, rwsem, /^src\/protocol\/(mainline|idle_steps)/].some((r) => r.test(path));
}

/** Constants and layouts are no code, and what is wrong on purpose needs no other mistake. */
export function isMutated(path: string): boolean {
  return /^src\/(kernel|protocol)\//.test(path) && !/^src\/(kernel\/abi|protocol\/busted)\//.test(path);
}
