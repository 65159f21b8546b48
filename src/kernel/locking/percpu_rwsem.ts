// SPDX-License-Identifier: GPL-2.0-only
/**
 * percpu-rwsem (kernel/locking/percpu-rwsem.c, include/linux/percpu-rwsem.h): readers count on a word of their own
 * and share nothing; a writer pays with a grace period. Only control paths use it: it may block.
 *
 * read_count is per actor and written by that actor only; only the sum means anything. `block` is held by the writer,
 * or by the one that waits for readers to leave. Writer against writer and handing over: `waiters`, FIFO.
 *
 * Linux turns preemption off from the look at rss to the count, so that the reader stays on its CPU and passes no
 * quiescent state between the two. A control path stays on its actor anyway and passes a quiescent state only by a
 * call, and there is none in between: the section is as atomic for grace periods without the mark.
 */
import { B } from '../../mem/barriers.js';
import {
  data_race,
  load,
  READ_ONCE,
  smp_load_acquire,
  smp_mb,
  smp_store_release,
  store,
  WRITE_ONCE,
  xchg,
} from '../../mem/heap.js';
import { element, embedded, NULL, type Ptr } from '../../mem/layout.js';
import { list_del_init } from '../../mem/list.js';
import { LOCK_READ, LOCK_TRY, LOCK_WRITE } from '../../trace/lock_tracker.js';
import { ACTOR_STATE, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { percpu, percpu_rw_semaphore, wait_queue_entry, wait_queue_head } from '../abi/structs.js';
import { type Kernel, per_cpu } from '../kernel.js';
import { rcu_sync_enter, rcu_sync_exit, rcu_sync_init, rcu_sync_is_idle } from '../rcu/sync.js';
import { set_actor_state } from '../sched/preempt.js';
import { __set_current_state, schedule, set_current_state } from '../sched/wait_task.js';
import { wake_up_process } from '../sched/wakeup.js';
import {
  lock_acquired,
  lock_bounced,
  lock_contended,
  lock_release,
  might_sleep,
  owner_word,
} from './lockdep.js';
import { finish_rcuwait, prepare_to_rcuwait, rcuwait_init, rcuwait_wake_up } from './rcuwait.js';
import { raw_spin_lock, raw_spin_unlock } from './spinlock.js';
import {
  __add_wait_queue_entry_tail_exclusive,
  init_wait_entry,
  init_waitqueue_head,
  own_wait_entry,
  WAKE_PERCPU_RWSEM,
  type WaitQueueEntry,
  WQ_FLAG_CUSTOM,
  wake_up,
} from './wait.js';

export type PercpuRwsem = Ptr<'percpu_rw_semaphore'>;

/** `read_count_index` below NR_RWSEMS, each semaphore of the machine its own. */
export function percpu_init_rwsem(k: Kernel, sem: PercpuRwsem, read_count_index: number, cls: number): void {
  rcu_sync_init(k, embedded(sem, percpu_rw_semaphore.rss));
  store(k, sem, percpu_rw_semaphore.read_count_index, read_count_index);
  for (let n = 0; n < k.nr_actors; n++) {
    store(k, per_cpu(k, n), element(percpu.read_count, read_count_index), 0);
  }
  rcuwait_init(k, embedded(sem, percpu_rw_semaphore.writer));
  init_waitqueue_head(k, embedded(sem, percpu_rw_semaphore.waiters), LOCK_CLASS['sem->waiters']);
  store(k, sem, percpu_rw_semaphore.block, 0);
  store(k, sem, percpu_rw_semaphore.dep_map, cls);
  store(k, sem, percpu_rw_semaphore.owner, 0);
  store(k, sem, percpu_rw_semaphore.ip, 0);
}

/**
 * Fast path: a plain load and store, as cheap as it gets. No other actor writes the word, no interrupt of this one
 * does, and the writer sums only a grace period after it has sent readers to the slow path: the grace period waits
 * for our next quiescent state, and that report orders the store before the sum. An atomic would buy nothing.
 */
function this_cpu_add(k: Kernel, sem: PercpuRwsem, n: number): void {
  const read_count = element(percpu.read_count, load(k, sem, percpu_rw_semaphore.read_count_index));
  store(k, k.me, read_count, load(k, k.me, read_count) + n);
}

/** Slow path: the writer may sum at the same time, so the store is marked. Still one writer per word: no RMW. */
function this_cpu_add_marked(k: Kernel, sem: PercpuRwsem, n: number): void {
  const read_count = element(percpu.read_count, load(k, sem, percpu_rw_semaphore.read_count_index));
  WRITE_ONCE(k, k.me, read_count, load(k, k.me, read_count) + n);
}

/**
 * May sleep behind a writer, even one that itself still waits for readers: do not nest. Released by the same actor.
 */
export function percpu_down_read(k: Kernel, sem: PercpuRwsem, ip: number): void {
  might_sleep(k, 'percpu_down_read', ip);
  let waited = false;
  /*
   * If we see the idle state, no writer can have its grace period behind it before our next quiescent state, so it
   * will sum after our increment. No barrier and no shared line is needed.
   */
  if (rcu_sync_is_idle(k, embedded(sem, percpu_rw_semaphore.rss))) this_cpu_add(k, sem, 1);
  else waited = __percpu_down_read(k, sem, ip);
  /* A read lock of this kind cannot bounce: it touches this actor's own line only. */
  lock_acquired(k, sem, load(k, sem, percpu_rw_semaphore.dep_map), LOCK_READ, ip, waited, false);
}

export function percpu_down_read_trylock(k: Kernel, sem: PercpuRwsem, ip: number): boolean {
  let taken = true;
  if (rcu_sync_is_idle(k, embedded(sem, percpu_rw_semaphore.rss))) this_cpu_add(k, sem, 1);
  else taken = __percpu_down_read_trylock(k, sem);
  if (taken) {
    const mode = LOCK_READ | LOCK_TRY;
    lock_acquired(k, sem, load(k, sem, percpu_rw_semaphore.dep_map), mode, ip, false, false);
  }
  return taken;
}

export function percpu_up_read(k: Kernel, sem: PercpuRwsem): void {
  lock_release(k, sem, load(k, sem, percpu_rw_semaphore.dep_map));
  if (rcu_sync_is_idle(k, embedded(sem, percpu_rw_semaphore.rss))) this_cpu_add(k, sem, -1);
  else __percpu_up_read(k, sem);
}

function __percpu_up_read(k: Kernel, sem: PercpuRwsem): void {
  /*
   * PRW_B: our section before the decrement. Pairs with PRW_C. Without it a writer that sees the count at zero
   * enters without seeing what we wrote.
   */
  smp_mb(k, B.PRW_B);
  this_cpu_add_marked(k, sem, -1);
  rcuwait_wake_up(k, embedded(sem, percpu_rw_semaphore.writer), _THIS_IP_.percpu_rwsem_wait);
}

/** The slow path: true if it had to wait. */
function __percpu_down_read(k: Kernel, sem: PercpuRwsem, ip: number): boolean {
  if (__percpu_down_read_trylock(k, sem)) return false;
  contended(k, sem, LOCK_READ, ip, true);
  percpu_rwsem_wait(k, sem, true);
  return true;
}

function __percpu_down_read_trylock(k: Kernel, sem: PercpuRwsem): boolean {
  this_cpu_add_marked(k, sem, 1);
  /*
   * PRW_A: the increment before the load of block. Pairs with PRW_D. If we miss the writer's block, it sees our
   * increment; if it misses our increment, we see block and take it back at once. Without it both enter.
   */
  smp_mb(k, B.PRW_A);
  /* PRW_REL, acquire: pairs with the release in percpu_up_write, so we see the last writer's section. */
  if (smp_load_acquire(k, sem, percpu_rw_semaphore.block) === 0) return true;
  this_cpu_add_marked(k, sem, -1);
  /* The writer may have counted us in for a moment: it must sum again. */
  rcuwait_wake_up(k, embedded(sem, percpu_rw_semaphore.writer), _THIS_IP_.percpu_rwsem_wait);
  return false;
}

function __percpu_down_write_trylock(k: Kernel, sem: PercpuRwsem): boolean {
  /* A look first: a failing exchange would take the line from the readers that poll it. */
  if (READ_ONCE(k, sem, percpu_rw_semaphore.block) !== 0) return false;
  /* PRW_D: block = 1 before the sum of read_count; the exchange is a full barrier. Pairs with PRW_A. */
  return xchg(k, sem, percpu_rw_semaphore.block, 1) === 0;
}

function __percpu_rwsem_trylock(k: Kernel, sem: PercpuRwsem, reader: boolean): boolean {
  return reader ? __percpu_down_read_trylock(k, sem) : __percpu_down_write_trylock(k, sem);
}

/**
 * Runs under waiters.lock in the wake-up of percpu_up_write: takes the lock on behalf of the waiter. A reader is
 * counted on the waker's word: only the sum matters. True ends the wake-up: a writer got the lock, or somebody stole
 * it and will wake the queue when it leaves. After a reader it goes on to the next waiter.
 */
export function percpu_rwsem_wake_function(
  k: Kernel,
  entry: WaitQueueEntry,
  sem: PercpuRwsem,
  ip: number,
): boolean {
  const reader = (load(k, entry, wait_queue_entry.flags) & WQ_FLAG_CUSTOM) !== 0;
  if (!__percpu_rwsem_trylock(k, sem, reader)) return true;
  const p = READ_ONCE(k, entry, wait_queue_entry.private_);
  list_del_init(k, embedded(entry, wait_queue_entry.entry));
  /*
   * PRW_WQ, release: the removal before the waiter may return and use its entry again. Pairs with the acquire in
   * percpu_rwsem_wait. The waiter may be gone after this; its task_struct is not, since a control path's lives as
   * long as the machine (Linux takes a reference).
   */
  smp_store_release(k, entry, wait_queue_entry.private_, NULL);
  wake_up_process(k, p, ip);
  return !reader;
}

function percpu_rwsem_wait(k: Kernel, sem: PercpuRwsem, reader: boolean): void {
  const waiters = embedded(sem, percpu_rw_semaphore.waiters);
  const lock = embedded(waiters, wait_queue_head.lock);
  const entry = own_wait_entry(k);
  init_wait_entry(k, entry, WAKE_PERCPU_RWSEM);
  if (reader) store(k, entry, wait_queue_entry.flags, WQ_FLAG_CUSTOM);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, reader ? ACTOR_STATE.rwsem_read : ACTOR_STATE.rwsem_write, sem);
  raw_spin_lock(k, lock, _THIS_IP_.percpu_rwsem_wait);
  /* Under the lock of the wake-up in percpu_up_write: either we find the lock free, or the wake-up finds us. */
  const wait = !__percpu_rwsem_trylock(k, sem, reader);
  /* Readers are exclusive too: that keeps the queue in order of arrival. */
  if (wait) __add_wait_queue_entry_tail_exclusive(k, waiters, entry);
  raw_spin_unlock(k, lock);
  while (wait) {
    set_current_state(k, TASK_UNINTERRUPTIBLE);
    /* PRW_WQ, acquire. Condition: the lock was handed over. Waker: percpu_rwsem_wake_function. */
    if (smp_load_acquire(k, entry, wait_queue_entry.private_) === NULL) break;
    schedule(k);
  }
  __set_current_state(k, TASK_RUNNING);
  set_actor_state(k, state, obj);
}

/** `by_writer`: a writer holds it; readers that hold it are not known one by one. */
function contended(k: Kernel, sem: PercpuRwsem, mode: number, ip: number, by_writer: boolean): void {
  const bounced = lock_bounced(k, data_race(k, sem, percpu_rw_semaphore.owner));
  const holder = by_writer ? data_race(k, sem, percpu_rw_semaphore.ip) : 0;
  lock_contended(k, sem, load(k, sem, percpu_rw_semaphore.dep_map), mode, ip, holder, bounced);
}

/**
 * Assumes block. The sum may be of different moments: an increment that we miss belongs to a reader that sees block
 * and takes it back, so once zero it is for good.
 */
function readers_active_check(k: Kernel, sem: PercpuRwsem): boolean {
  const read_count = element(percpu.read_count, load(k, sem, percpu_rw_semaphore.read_count_index));
  let sum = 0;
  for (let n = 0; n < k.nr_actors; n++) sum = (sum + READ_ONCE(k, per_cpu(k, n), read_count)) | 0;
  if (sum !== 0) return false;
  /* PRW_C: the sum before our section. Pairs with PRW_B. Without it we miss what the last reader wrote. */
  smp_mb(k, B.PRW_C);
  return true;
}

/** Sleeps: for a grace period unless another writer was here a moment ago, for other writers, for the readers. */
export function percpu_down_write(k: Kernel, sem: PercpuRwsem, ip: number): void {
  might_sleep(k, 'percpu_down_write', ip);
  let waited = false;
  /* Sends readers to the slow path; on return no reader is in the middle of the fast one. */
  rcu_sync_enter(k, embedded(sem, percpu_rw_semaphore.rss));
  if (!__percpu_down_write_trylock(k, sem)) {
    waited = true;
    contended(k, sem, LOCK_WRITE, ip, true);
    percpu_rwsem_wait(k, sem, false);
  }
  /* PRW_D stands between block and the sums that follow, in whichever trylock took it. */
  if (!readers_active_check(k, sem)) {
    if (!waited) contended(k, sem, LOCK_WRITE, ip, false);
    waited = true;
    wait_for_readers(k, sem);
  }
  const last = load(k, sem, percpu_rw_semaphore.owner);
  store(k, sem, percpu_rw_semaphore.owner, owner_word(k));
  store(k, sem, percpu_rw_semaphore.ip, ip);
  lock_acquired(
    k,
    sem,
    load(k, sem, percpu_rw_semaphore.dep_map),
    LOCK_WRITE,
    ip,
    waited,
    lock_bounced(k, last),
  );
}

/** rcuwait_wait_event. Condition: the sum is zero. Waker: every reader that leaves on the slow path. */
function wait_for_readers(k: Kernel, sem: PercpuRwsem): void {
  const w = embedded(sem, percpu_rw_semaphore.writer);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.rcuwait, sem);
  prepare_to_rcuwait(k, w);
  for (;;) {
    /* RCUWAIT_A: w->task and the state before the sum. Pairs with RCUWAIT_B in rcuwait_wake_up. */
    set_current_state(k, TASK_UNINTERRUPTIBLE);
    if (readers_active_check(k, sem)) break;
    schedule(k);
  }
  finish_rcuwait(k, w);
  set_actor_state(k, state, obj);
}

export function percpu_up_write(k: Kernel, sem: PercpuRwsem): void {
  lock_release(k, sem, load(k, sem, percpu_rw_semaphore.dep_map));
  store(k, sem, percpu_rw_semaphore.owner, -owner_word(k));
  /*
   * PRW_REL, release: our section before block = 0. Pairs with the acquire in __percpu_down_read_trylock. Readers
   * still come that way: the fast path would not order them after us, so it opens only a grace period from now.
   */
  smp_store_release(k, sem, percpu_rw_semaphore.block, 0);
  wake_up(k, embedded(sem, percpu_rw_semaphore.waiters), 1, sem, _THIS_IP_.percpu_up_write);
  rcu_sync_exit(k, embedded(sem, percpu_rw_semaphore.rss));
}
