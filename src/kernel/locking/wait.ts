// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wait queues (kernel/sched/wait.c). The queue's lock guards the list and the entries on it; the one access without
 * it is the careful look of finish_wait. Simulated tasks and control paths wait alike: a task gives its CPU away
 * in its next step, a control path sleeps in schedule().
 *
 * The wake functions are known by number, since a function cannot stand in shared memory.
 */
import { load, READ_ONCE, smp_load_acquire, smp_store_release, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import {
  INIT_LIST_HEAD,
  type ListHead,
  list_add,
  list_add_tail,
  list_del,
  list_del_init,
  list_empty,
  list_head,
  list_next,
} from '../../mem/list.js';
import { SimulatorBug } from '../../util/fault.js';
import { TASK_NORMAL, TASK_RUNNING } from '../abi/constants.js';
import { percpu, wait_queue_entry, wait_queue_head } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { __set_current_state, set_current_state } from '../sched/wait_task.js';
import { try_to_wake_up } from '../sched/wakeup.js';
import { percpu_rwsem_wake_function } from './percpu_rwsem.js';
import { raw_spin_lock, raw_spin_lock_init, raw_spin_unlock } from './spinlock.js';

export type WaitQueueHead = Ptr<'wait_queue_head'>;
export type WaitQueueEntry = Ptr<'wait_queue_entry'>;

/** entry.flags */
export const WQ_FLAG_EXCLUSIVE = 0x01;
/** A reader of a percpu-rwsem. */
export const WQ_FLAG_CUSTOM = 0x08;

/** entry.func: wakes the task and takes the entry off (autoremove_wake_function). */
export const WAKE_AUTOREMOVE = 1;
/** Hands the percpu-rwsem `key` over to the waiter. */
export const WAKE_PERCPU_RWSEM = 2;

export function init_waitqueue_head(k: Kernel, wq: WaitQueueHead, cls: number): void {
  raw_spin_lock_init(k, embedded(wq, wait_queue_head.lock), cls);
  INIT_LIST_HEAD(k, embedded(wq, wait_queue_head.head));
}

/** The entry that a control path waits with: one, since it waits for one thing at a time. */
export function own_wait_entry(k: Kernel): WaitQueueEntry {
  return embedded(k.me, percpu.wait_entry);
}

/** DEFINE_WAIT_FUNC: the entry is in no queue, and the current task will wait with it. */
export function init_wait_entry(k: Kernel, entry: WaitQueueEntry, func: number): void {
  store(k, entry, wait_queue_entry.flags, 0);
  store(k, entry, wait_queue_entry.private_, k.current);
  store(k, entry, wait_queue_entry.func, func);
  INIT_LIST_HEAD(k, embedded(entry, wait_queue_entry.entry));
}

/**
 * Is anybody on the queue? Without the lock the answer says something only to a caller with a full barrier between
 * its change of the condition and this call; it pairs with the one in prepare_to_wait (SET_STATE).
 */
export function waitqueue_active(k: Kernel, wq: WaitQueueHead): boolean {
  return !list_empty(k, embedded(wq, wait_queue_head.head));
}

/** wq.lock held. FIFO; a wake-up stops after as many exclusive waiters as it was asked to wake. */
export function __add_wait_queue_entry_tail_exclusive(
  k: Kernel,
  wq: WaitQueueHead,
  entry: WaitQueueEntry,
): void {
  store(k, entry, wait_queue_entry.flags, load(k, entry, wait_queue_entry.flags) | WQ_FLAG_EXCLUSIVE);
  list_add_tail(k, embedded(entry, wait_queue_entry.entry), embedded(wq, wait_queue_head.head));
}

/**
 * Queues the current task, unless it still is, and sets its state; then the caller tests its condition and sleeps if
 * it is not met. In this order, and the condition under no lock: whoever makes it true and then wakes the queue finds
 * the entry and the state (SET_STATE), or the caller finds the condition.
 */
export function prepare_to_wait(
  k: Kernel,
  wq: WaitQueueHead,
  entry: WaitQueueEntry,
  state: number,
  ip: number,
): void {
  const lock = embedded(wq, wait_queue_head.lock);
  raw_spin_lock(k, lock, ip);
  if (list_empty(k, embedded(entry, wait_queue_entry.entry))) {
    store(k, entry, wait_queue_entry.flags, 0);
    store(k, entry, wait_queue_entry.private_, k.current);
    store(k, entry, wait_queue_entry.func, WAKE_AUTOREMOVE);
    list_add(k, embedded(entry, wait_queue_entry.entry), embedded(wq, wait_queue_head.head));
  }
  set_current_state(k, state);
  raw_spin_unlock(k, lock);
}

/** Ends a wait: the current task runs, and its entry is in no queue any more. */
export function finish_wait(k: Kernel, wq: WaitQueueHead, entry: WaitQueueEntry, ip: number): void {
  __set_current_state(k, TASK_RUNNING);
  const node = embedded(entry, wait_queue_entry.entry);
  if (list_empty_careful(k, node)) return;
  const lock = embedded(wq, wait_queue_head.lock);
  raw_spin_lock(k, lock, ip);
  list_del_init(k, node);
  raw_spin_unlock(k, lock);
}

/** Wakes all that are not exclusive and up to `nr_exclusive` that are. `key` goes to their wake functions. */
export function wake_up(k: Kernel, wq: WaitQueueHead, nr_exclusive: number, key: number, ip: number): void {
  const lock = embedded(wq, wait_queue_head.lock);
  raw_spin_lock(k, lock, ip);
  wake_up_locked(k, wq, nr_exclusive, key, ip);
  raw_spin_unlock(k, lock);
}

/** wq.lock held. Lock order: it stands before p->pi_lock. */
export function wake_up_locked(
  k: Kernel,
  wq: WaitQueueHead,
  nr_exclusive: number,
  key: number,
  ip: number,
): void {
  const head = embedded(wq, wait_queue_head.head);
  let left = nr_exclusive;
  let node = list_next(k, head);
  while (node !== head) {
    const entry = container_of(node, wait_queue_entry.entry);
    /* Before the wake function: afterwards the entry may be gone from the list and in use for the next wait. */
    const next = list_next(k, node);
    const exclusive = (load(k, entry, wait_queue_entry.flags) & WQ_FLAG_EXCLUSIVE) !== 0;
    const woken = wake_function(k, entry, key, ip);
    if (woken && exclusive && --left === 0) break;
    node = next;
  }
}

/** True: this one counts as woken. */
function wake_function(k: Kernel, entry: WaitQueueEntry, key: number, ip: number): boolean {
  const func = load(k, entry, wait_queue_entry.func);
  if (func === WAKE_AUTOREMOVE) return autoremove_wake_function(k, entry, ip);
  if (func === WAKE_PERCPU_RWSEM)
    return percpu_rwsem_wake_function(k, entry, key as Ptr<'percpu_rw_semaphore'>, ip);
  throw new SimulatorBug(`wait queue entry ${entry} has no wake function ${func}`);
}

function autoremove_wake_function(k: Kernel, entry: WaitQueueEntry, ip: number): boolean {
  const p = READ_ONCE(k, entry, wait_queue_entry.private_);
  if (p === NULL) throw new SimulatorBug(`wait queue entry ${entry} has no task`);
  /* A task that somebody else has woken stays queued and does not count: the wake-up goes to the next one. */
  const woken = try_to_wake_up(k, p, TASK_NORMAL, ip);
  if (woken) list_del_init_careful(k, embedded(entry, wait_queue_entry.entry));
  return woken;
}

/**
 * WQ_CAREFUL: next is written last and with release, so who finds the entry empty without the lock finds it no
 * longer touched. Pairs with the acquire in list_empty_careful. Without it the waiter could queue the entry anew
 * while we unlink it.
 */
function list_del_init_careful(k: Kernel, node: ListHead): void {
  list_del(k, node);
  WRITE_ONCE(k, node, list_head.prev, node);
  smp_store_release(k, node, list_head.next, node);
}

/** WQ_CAREFUL, the acquire. Both pointers: next alone may also come home when a neighbour leaves the queue. */
function list_empty_careful(k: Kernel, node: ListHead): boolean {
  return smp_load_acquire(k, node, list_head.next) === node && READ_ONCE(k, node, list_head.prev) === node;
}
