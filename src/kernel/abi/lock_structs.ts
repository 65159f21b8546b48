// SPDX-License-Identifier: GPL-2.0-only
/** Layouts of locks, wait queues, completions and RCU's own structs. Sizes in 32-bit words. */
import { embed, i32, ptr, struct } from '../../mem/layout.js';
import { list_head } from '../../mem/list.js';

/**
 * In every lock: owner is the actor number + 1 of the holder, negative once that actor has released it; dep_map is the
 * lock class; ip is where the holder took it.
 */
export const raw_spinlock = struct('raw_spinlock', { val: i32, owner: i32, dep_map: i32, ip: i32 });
/** A queued rwlock: cnts holds the writer byte, the waiting bit and the reader count (kernel/locking/qrwlock.c). */
export const rwlock = struct('rwlock', {
  cnts: i32,
  wait_lock: embed(raw_spinlock),
  writer: i32,
  dep_map: i32,
  ip: i32,
});
/** A futex mutex: val 0 free, 1 held, 2 held with sleepers. */
export const mutex = struct('mutex', { val: i32, owner: i32, dep_map: i32, ip: i32 });
export const wait_queue_head = struct('wait_queue_head', {
  lock: embed(raw_spinlock),
  head: embed(list_head),
});
/** private_ is the waiting task, NULL once woken by a wake function that hands over. */
export const wait_queue_entry = struct('wait_queue_entry', {
  flags: i32,
  private_: ptr('task_struct'),
  func: i32,
  entry: embed(list_head),
});
export const rcuwait = struct('rcuwait', { task: ptr('task_struct') });
export const completion = struct('completion', { done: i32, wait: embed(wait_queue_head) });

export const rcu_head = struct('rcu_head', { next: ptr('rcu_head'), func: i32, arg: i32 });
/** kernel/rcu/sync.c */
export const rcu_sync = struct('rcu_sync', {
  gp_state: i32,
  gp_count: i32,
  gp_wait: embed(wait_queue_head),
  cb_head: embed(rcu_head),
});
/** read_count is per actor: word `read_count_index` of the percpu area's `read_count` array. */
export const percpu_rw_semaphore = struct('percpu_rw_semaphore', {
  rss: embed(rcu_sync),
  read_count_index: i32,
  writer: embed(rcuwait),
  waiters: embed(wait_queue_head),
  block: i32,
  dep_map: i32,
  /** The last writer and where it took the lock. */
  owner: i32,
  ip: i32,
});
/** get_online_cpus as it was in January 2017 (kernel/cpu.c of 4.10): mutex, counter, active writer. */
export const cpu_hotplug_refcount = struct('cpu_hotplug_refcount', {
  active_writer: ptr('task_struct'),
  wq: embed(wait_queue_head),
  lock: embed(mutex),
  refcount: i32,
  dep_map: i32,
  /** The last writer and where it took the lock. */
  owner: i32,
  ip: i32,
});
