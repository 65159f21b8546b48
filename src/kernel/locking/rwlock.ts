// SPDX-License-Identifier: GPL-2.0-only
/**
 * Queued rwlocks (kernel/locking/qrwlock.c). One word: the byte of the writer that holds the lock, the bit of one
 * that waits, and above them the number of readers. Who cannot get it at once waits on wait_lock; its holder is the
 * head of the queue and the only one who waits for the word itself. A waiting writer turns new readers away, so
 * readers that overlap without end cannot starve it; a waiting reader holds off later writers in the same way. Among
 * those behind the head the order is that of wait_lock, a spinlock that can be stolen, so it is not strictly FIFO.
 *
 * All callers count as process context: no reader may pass a waiting writer as an interrupt may. So a reader must not
 * take the lock again while it holds it: behind a waiting writer that deadlocks, in Linux too.
 */
import {
  cmpxchg_acquire,
  data_race,
  fetch_add,
  fetch_add_acquire,
  fetch_add_release,
  fetch_or,
  load,
  READ_ONCE,
  smp_load_acquire,
  store,
  WRITE_ONCE,
} from '../../mem/heap.js';
import { embedded, type Ptr } from '../../mem/layout.js';
import { LOCK_READ, LOCK_WRITE } from '../../trace/lock_tracker.js';
import { ACTOR_STATE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { percpu, rwlock } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { cpu_relax, preempt_disable, preempt_enable, set_actor_state } from '../sched/preempt.js';
import { lock_acquired, lock_bounced, lock_contended, lock_release, owner_word } from './lockdep.js';
import { raw_spin_lock, raw_spin_lock_init, raw_spin_unlock } from './spinlock.js';

export type Rwlock = Ptr<'rwlock'>;

const _QW_LOCKED = 0xff;
const _QW_WAITING = 0x100;
const _QW_WMASK = 0x1ff;
const _QR_BIAS = 0x200;

export function rwlock_init(k: Kernel, lock: Rwlock, cls: number): void {
  store(k, lock, rwlock.cnts, 0);
  store(k, lock, rwlock.writer, 0);
  store(k, lock, rwlock.dep_map, cls);
  store(k, lock, rwlock.ip, 0);
  raw_spin_lock_init(k, embedded(lock, rwlock.wait_lock), LOCK_CLASS['tasklist_lock->wait_lock']);
}

export function read_lock(k: Kernel, lock: Rwlock, ip: number): void {
  preempt_disable(k);
  /* RWLOCK, acquire: pairs with the release in write_unlock. */
  const waited = (fetch_add_acquire(k, lock, rwlock.cnts, _QR_BIAS) & _QW_WMASK) !== 0;
  if (waited) queued_read_lock_slowpath(k, lock, ip);
  const last = data_race(k, lock, rwlock.writer);
  /* Readers share the word, so this is only a hint about one of them; it costs a bounce and is kept for statistics. */
  if (k.lockdep.on) {
    WRITE_ONCE(k, lock, rwlock.writer, -owner_word(k));
    WRITE_ONCE(k, lock, rwlock.ip, ip);
  }
  lock_acquired(k, lock, load(k, lock, rwlock.dep_map), LOCK_READ, ip, waited, lock_bounced(k, last));
}

export function read_unlock(k: Kernel, lock: Rwlock): void {
  lock_release(k, lock, load(k, lock, rwlock.dep_map));
  /* Release: what we read, before the count drops. Pairs with the acquire in write_lock. */
  fetch_add_release(k, lock, rwlock.cnts, -_QR_BIAS);
  preempt_enable(k);
}

export function write_lock(k: Kernel, lock: Rwlock, ip: number): void {
  preempt_disable(k);
  const waited = cmpxchg_acquire(k, lock, rwlock.cnts, 0, _QW_LOCKED) !== 0;
  if (waited) queued_write_lock_slowpath(k, lock, ip);
  const last = data_race(k, lock, rwlock.writer);
  store(k, lock, rwlock.writer, owner_word(k));
  store(k, lock, rwlock.ip, ip);
  lock_acquired(k, lock, load(k, lock, rwlock.dep_map), LOCK_WRITE, ip, waited, lock_bounced(k, last));
}

export function write_unlock(k: Kernel, lock: Rwlock): void {
  lock_release(k, lock, load(k, lock, rwlock.dep_map));
  store(k, lock, rwlock.writer, -owner_word(k));
  /*
   * Release: our section before the lock is free. Linux stores a zero byte; the word's other bits change meanwhile,
   * so here it is a subtraction: the byte is exactly _QW_LOCKED while we hold it.
   */
  fetch_add_release(k, lock, rwlock.cnts, -_QW_LOCKED);
  preempt_enable(k);
}

function contended(k: Kernel, lock: Rwlock, mode: number, ip: number): void {
  const bounced = lock_bounced(k, data_race(k, lock, rwlock.writer));
  const holder = data_race(k, lock, rwlock.ip);
  lock_contended(k, lock, load(k, lock, rwlock.dep_map), mode, ip, holder, bounced);
}

function queued_read_lock_slowpath(k: Kernel, lock: Rwlock, ip: number): void {
  const wait_lock = embedded(lock, rwlock.wait_lock);
  contended(k, lock, LOCK_READ, ip);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.read_lock, lock);
  /* Not a reader while we queue: the writer before us waits for the count to reach zero. */
  fetch_add(k, lock, rwlock.cnts, -_QR_BIAS);
  raw_spin_lock(k, wait_lock, _THIS_IP_.queued_read_lock_slowpath);
  fetch_add(k, lock, rwlock.cnts, _QR_BIAS);
  /*
   * Condition: no writer holds the lock; none can come to hold it either while our count stands. Waker: none,
   * holders do not sleep. Acquire: pairs with the release in write_unlock.
   */
  while ((smp_load_acquire(k, lock, rwlock.cnts) & _QW_LOCKED) !== 0) cpu_relax(k);
  k.spins = 0;
  raw_spin_unlock(k, wait_lock);
  set_actor_state(k, state, obj);
}

function queued_write_lock_slowpath(k: Kernel, lock: Rwlock, ip: number): void {
  const wait_lock = embedded(lock, rwlock.wait_lock);
  contended(k, lock, LOCK_WRITE, ip);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.write_lock, lock);
  raw_spin_lock(k, wait_lock, _THIS_IP_.queued_write_lock_slowpath);
  /* It may have become free while we queued. */
  if (cmpxchg_acquire(k, lock, rwlock.cnts, 0, _QW_LOCKED) !== 0) {
    /* From here on new readers queue behind us. */
    fetch_or(k, lock, rwlock.cnts, _QW_WAITING);
    do {
      /* Condition: no reader and no writer left. Waker: none, holders do not sleep. */
      while (READ_ONCE(k, lock, rwlock.cnts) !== _QW_WAITING) cpu_relax(k);
      /* Acquire: pairs with the releases in read_unlock and write_unlock. */
    } while (cmpxchg_acquire(k, lock, rwlock.cnts, _QW_WAITING, _QW_LOCKED) !== _QW_WAITING);
  }
  k.spins = 0;
  raw_spin_unlock(k, wait_lock);
  set_actor_state(k, state, obj);
}
