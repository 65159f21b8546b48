// SPDX-License-Identifier: GPL-2.0-only
/** Lock classes (the names lock_stat prints) and the named places that take locks (its contention points). */

export const LOCK_CLASS = {
  'rq->lock': 1,
  'p->pi_lock': 2,
  tasklist_lock: 3,
  klp_mutex: 4,
  cpu_hotplug_lock: 5,
  cpu_add_remove_lock: 6,
  'cpu_hotplug.lock': 7,
  'cpu_hotplug.wq': 8,
  ftrace_lock: 9,
  'timer_base->lock': 10,
  'pool->lock': 11,
  'slab->lock': 12,
  '&x->wait': 13,
  'rss->gp_wait': 14,
  'sem->waiters': 15,
  rcu_callbacks: 16,
  delayed_work: 17,
  'tasklist_lock->wait_lock': 18,
  wait_channel: 19,
  text_mutex: 20,
} as const;

export type LockClassName = keyof typeof LOCK_CLASS;
export const NR_LOCK_CLASSES = 24;

export function lockClassName(cls: number): string {
  return Object.entries(LOCK_CLASS).find(([, nr]) => nr === cls)?.[0] ?? `class ${cls}`;
}

/** Instruction pointers, by name: who took the lock (_RET_IP_). The number is what crosses shared memory. */
export const ip_names = [
  '?',
  'klp_enable_patch',
  'klp_init_transition',
  'klp_start_transition',
  'klp_try_complete_transition',
  'klp_complete_transition',
  'klp_reverse_transition',
  'klp_force_transition',
  'klp_send_signals',
  'klp_transition_work_fn',
  'enabled_store',
  'force_store',
  'klp_free_patch_work_fn',
  'copy_process',
  'release_task',
  'task_call_func',
  'wake_up_new_task',
  '__schedule',
  'newidle_balance',
  'push_cpu_stop',
  'migrate_tasks',
  'set_cpus_allowed_ptr',
  'add_timer',
  'run_timers',
  'del_timer',
  'timers_dead_cpu',
  'queue_work_on',
  'process_one_work',
  'schedule_on_each_cpu',
  'mod_delayed_work',
  'delayed_work_loop',
  'call_rcu',
  'rcu_do_batch',
  'rcu_sync_enter',
  'rcu_sync_exit',
  'rcu_sync_func',
  'percpu_rwsem_wait',
  'percpu_up_write',
  'complete',
  'wait_for_completion',
  'get_online_cpus',
  'put_online_cpus',
  'cpu_hotplug_begin',
  'cpu_up',
  'cpu_down',
  'cpu_hotplug_disable',
  'cpu_hotplug_enable',
  'register_ftrace_function',
  'unregister_ftrace_function',
  'text_poke',
  'kmem_cache_alloc',
  'kmem_cache_free',
  'wake_up_if_idle',
  'resched_curr',
  'wait_channel_sleep',
  'wait_channel_wake',
  'stop_machine',
  'cpus_read_lock_user',
  'torture_shuffle',
  'free_module',
  'test',
  'cpuhp_setup_state',
  'queued_read_lock_slowpath',
  'queued_write_lock_slowpath',
] as const;

export type IpName = (typeof ip_names)[number];

/** `_THIS_IP_.klp_enable_patch` and so on. */
export const _THIS_IP_ = Object.fromEntries(ip_names.map((n, i) => [n, i])) as {
  readonly [K in IpName]: number;
};
