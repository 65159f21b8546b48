// SPDX-License-Identifier: GPL-2.0-only
/**
 * The hotplug lock as it was in January 2017 (kernel/cpu.c of 4.10): a mutex around a counter of readers. Every
 * reader takes the mutex for a moment, so readers contend with each other; a writer holds it for its whole section
 * and so keeps new readers out. Between two looks at the counter it lets go of the mutex, so readers overtake a
 * waiting writer, which can starve.
 *
 * active_writer lets the writer call get_online_cpus in its own section. lock_stat shows the waits of readers on the
 * class of the mutex (cpu_hotplug.lock), the sections and the waits of writers on that of the whole.
 */
import { atomic_add_return, atomic_inc } from '../../mem/bitops.js';
import { data_race, load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, NULL, type Ptr } from '../../mem/layout.js';
import { LOCK_READ, LOCK_RECURSIVE, LOCK_WRITE } from '../../trace/lock_tracker.js';
import { ACTOR_STATE, TASK_UNINTERRUPTIBLE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { cpu_hotplug_refcount, percpu } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { set_actor_state } from '../sched/preempt.js';
import { schedule } from '../sched/wait_task.js';
import {
  lock_acquired,
  lock_bounced,
  lock_contended,
  lock_release,
  might_sleep,
  owner_word,
} from './lockdep.js';
import { mutex_init, mutex_lock, mutex_unlock } from './mutex.js';
import {
  finish_wait,
  init_wait_entry,
  init_waitqueue_head,
  own_wait_entry,
  prepare_to_wait,
  WAKE_AUTOREMOVE,
  waitqueue_active,
  wake_up,
} from './wait.js';

export type CpuHotplugRefcount = Ptr<'cpu_hotplug_refcount'>;

export function cpu_hotplug_refcount_init(k: Kernel, h: CpuHotplugRefcount, cls: number): void {
  store(k, h, cpu_hotplug_refcount.active_writer, NULL);
  init_waitqueue_head(k, embedded(h, cpu_hotplug_refcount.wq), LOCK_CLASS['cpu_hotplug.wq']);
  mutex_init(k, embedded(h, cpu_hotplug_refcount.lock), LOCK_CLASS['cpu_hotplug.lock']);
  store(k, h, cpu_hotplug_refcount.refcount, 0);
  store(k, h, cpu_hotplug_refcount.dep_map, cls);
  store(k, h, cpu_hotplug_refcount.owner, 0);
  store(k, h, cpu_hotplug_refcount.ip, 0);
}

/** Racy, and exact all the same: only the current task sets the word to itself, and takes it back. */
export function is_active_writer(k: Kernel, h: CpuHotplugRefcount): boolean {
  return READ_ONCE(k, h, cpu_hotplug_refcount.active_writer) === k.current;
}

/** Sleeps while a writer is in its section. May nest. */
export function get_online_cpus(k: Kernel, h: CpuHotplugRefcount, ip: number): void {
  might_sleep(k, 'get_online_cpus', ip);
  if (is_active_writer(k, h)) return;
  const lock = embedded(h, cpu_hotplug_refcount.lock);
  mutex_lock(k, lock, _THIS_IP_.get_online_cpus);
  atomic_inc(k, h, cpu_hotplug_refcount.refcount);
  mutex_unlock(k, lock);
  /* A writer that waits lets new readers in, so a reader may come again (lock_map_acquire_read). */
  const mode = LOCK_READ | LOCK_RECURSIVE;
  lock_acquired(k, h, load(k, h, cpu_hotplug_refcount.dep_map), mode, ip, false, false);
}

export function put_online_cpus(k: Kernel, h: CpuHotplugRefcount): void {
  if (is_active_writer(k, h)) return;
  lock_release(k, h, load(k, h, cpu_hotplug_refcount.dep_map));
  /*
   * Fully ordered: our section before the count drops, and that before the look at the queue. Pairs with SET_STATE
   * in prepare_to_wait, between the writer's queueing and its look at the counter. Without it: the writer sleeps
   * with nobody left to wake it.
   */
  if (atomic_add_return(k, h, cpu_hotplug_refcount.refcount, -1) !== 0) return;
  const wq = embedded(h, cpu_hotplug_refcount.wq);
  if (waitqueue_active(k, wq)) wake_up(k, wq, 1, 0, _THIS_IP_.put_online_cpus);
}

/** Sleeps until there is no reader; returns with the mutex held. One writer at a time (cpu_add_remove_lock). */
export function cpu_hotplug_begin(k: Kernel, h: CpuHotplugRefcount, ip: number): void {
  might_sleep(k, 'cpu_hotplug_begin', ip);
  const wq = embedded(h, cpu_hotplug_refcount.wq);
  const lock = embedded(h, cpu_hotplug_refcount.lock);
  const cls = load(k, h, cpu_hotplug_refcount.dep_map);
  const entry = own_wait_entry(k);
  const last = data_race(k, h, cpu_hotplug_refcount.owner);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  let waited = false;
  init_wait_entry(k, entry, WAKE_AUTOREMOVE);
  WRITE_ONCE(k, h, cpu_hotplug_refcount.active_writer, k.current);
  for (;;) {
    mutex_lock(k, lock, _THIS_IP_.cpu_hotplug_begin);
    prepare_to_wait(k, wq, entry, TASK_UNINTERRUPTIBLE, _THIS_IP_.cpu_hotplug_begin);
    /* Condition: no reader. None can come while we hold the mutex. Waker: put_online_cpus of the last one. */
    if (READ_ONCE(k, h, cpu_hotplug_refcount.refcount) === 0) break;
    mutex_unlock(k, lock);
    if (!waited) lock_contended(k, h, cls, LOCK_WRITE, ip, 0, lock_bounced(k, last));
    waited = true;
    set_actor_state(k, ACTOR_STATE.rwsem_write, h);
    schedule(k);
    set_actor_state(k, state, obj);
  }
  finish_wait(k, wq, entry, _THIS_IP_.cpu_hotplug_begin);
  store(k, h, cpu_hotplug_refcount.owner, owner_word(k));
  store(k, h, cpu_hotplug_refcount.ip, ip);
  lock_acquired(k, h, cls, LOCK_WRITE, ip, waited, lock_bounced(k, last));
}

export function cpu_hotplug_done(k: Kernel, h: CpuHotplugRefcount): void {
  lock_release(k, h, load(k, h, cpu_hotplug_refcount.dep_map));
  store(k, h, cpu_hotplug_refcount.owner, -owner_word(k));
  WRITE_ONCE(k, h, cpu_hotplug_refcount.active_writer, NULL);
  mutex_unlock(k, embedded(h, cpu_hotplug_refcount.lock));
}
