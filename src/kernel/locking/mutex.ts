// SPDX-License-Identifier: GPL-2.0-only
/**
 * Mutexes over a futex: 0 free, 1 held, 2 held and somebody may sleep (Drepper, "Futexes Are Tricky", the third
 * mutex). Linux's mutex has an owner word, a wait list and a hand-over; the exclusion, the sleep and the stealing by
 * whoever comes first are the same, the order among waiters is not promised.
 *
 * Only control paths take one: they have a host thread of their own that can sleep. While asleep they are in an
 * extended quiescent state for RCU and their trace ring is parked.
 */
import {
  cmpxchg_acquire,
  data_race,
  futex_wait,
  futex_wake,
  load,
  READ_ONCE,
  store,
  xchg_acquire,
  xchg_release,
} from '../../mem/heap.js';
import type { Ptr } from '../../mem/layout.js';
import { LOCK_TRY, LOCK_WRITE } from '../../trace/lock_tracker.js';
import { SimulatorBug } from '../../util/fault.js';
import { ACTOR_STATE } from '../abi/constants.js';
import { lockClassName } from '../abi/lock_classes.js';
import { mutex, percpu } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '../rcu/tree.js';
import { set_actor_state } from '../sched/preempt.js';
import {
  lock_acquired,
  lock_bounced,
  lock_contended,
  lock_release,
  might_sleep,
  owner_word,
} from './lockdep.js';

export type Mutex = Ptr<'mutex'>;

const FREE = 0;
const HELD = 1;
const SLEEPERS = 2;

export function mutex_init(k: Kernel, lock: Mutex, cls: number): void {
  store(k, lock, mutex.val, FREE);
  store(k, lock, mutex.owner, 0);
  store(k, lock, mutex.dep_map, cls);
  store(k, lock, mutex.ip, 0);
}

/** Sleeps until the mutex is ours. Throws SimulatorBug on a CPU, with preemption off, or if it is ours already. */
export function mutex_lock(k: Kernel, lock: Mutex, ip: number): void {
  might_sleep(k, 'mutex_lock', ip);
  /* MUTEX, acquire: pairs with the release in mutex_unlock of the last holder. */
  if (cmpxchg_acquire(k, lock, mutex.val, FREE, HELD) === FREE) locked(k, lock, LOCK_WRITE, ip, false);
  else mutex_lock_slowpath(k, lock, ip);
}

export function mutex_trylock(k: Kernel, lock: Mutex, ip: number): boolean {
  if (k.is_cpu) throw new SimulatorBug(`mutex_trylock on CPU ${k.actor}: only control paths use mutexes`);
  if (cmpxchg_acquire(k, lock, mutex.val, FREE, HELD) !== FREE) return false;
  locked(k, lock, LOCK_TRY, ip, false);
  return true;
}

export function mutex_unlock(k: Kernel, lock: Mutex): void {
  lock_release(k, lock, load(k, lock, mutex.dep_map));
  store(k, lock, mutex.owner, -owner_word(k));
  /*
   * Release: our section before the lock is free. A sleeper has set 2 before it slept, and sleeps only on a 2, so it
   * either is woken here or finds the word changed.
   */
  if (xchg_release(k, lock, mutex.val, FREE) === SLEEPERS) futex_wake(k, lock, mutex.val, 1);
}

export function mutex_is_locked(k: Kernel, lock: Mutex): boolean {
  return READ_ONCE(k, lock, mutex.val) !== FREE;
}

function locked(k: Kernel, lock: Mutex, mode: number, ip: number, waited: boolean): void {
  const last = load(k, lock, mutex.owner);
  store(k, lock, mutex.owner, owner_word(k));
  store(k, lock, mutex.ip, ip);
  lock_acquired(k, lock, load(k, lock, mutex.dep_map), mode, ip, waited, lock_bounced(k, last));
}

function mutex_lock_slowpath(k: Kernel, lock: Mutex, ip: number): void {
  const cls = load(k, lock, mutex.dep_map);
  const owner = data_race(k, lock, mutex.owner);
  lock_contended(k, lock, cls, LOCK_WRITE, ip, data_race(k, lock, mutex.ip), lock_bounced(k, owner));
  /* Only we write our own number there, so if we read it we do hold the lock. */
  if (owner === owner_word(k)) {
    throw new SimulatorBug(`actor ${k.actor} takes ${lockClassName(cls)} at ${lock} a second time`);
  }
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.mutex_lock, lock);
  rcu_eqs_enter(k);
  k.trace.park();
  /*
   * Condition: the word was 0 when we exchanged it. Waker: mutex_unlock. Whoever comes this way leaves a 2 behind,
   * since it does not know whether it was the only one who slept: the worst that costs is a wake-up for nobody.
   * Acquire: as in mutex_lock.
   */
  while (xchg_acquire(k, lock, mutex.val, SLEEPERS) !== FREE) {
    const seen = READ_ONCE(k, lock, mutex.val);
    /* 0 or 1: it changed hands since, and the new holder would wake nobody. Mark it again. */
    if (seen === SLEEPERS) futex_wait(k, lock, mutex.val, seen, Number.POSITIVE_INFINITY);
  }
  k.trace.unpark();
  rcu_eqs_exit(k);
  set_actor_state(k, state, obj);
  locked(k, lock, LOCK_WRITE, ip, true);
}
