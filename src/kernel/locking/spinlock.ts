// SPDX-License-Identifier: GPL-2.0-only
/**
 * Raw spinlocks: test-and-set with stealing, as a guest of a hypervisor without paravirtual queues uses
 * (virt_spin_lock in arch/x86/include/asm/qspinlock.h). A fair queue would be worse here: the host may have taken the
 * core away from the simulated CPU whose turn it is, and then all the others wait for it.
 *
 * Interrupts need no masking: a CPU serves its IPIs only where it polls for them, and no handler takes a lock.
 */
import { cmpxchg_acquire, data_race, load, READ_ONCE, smp_store_release, store } from '../../mem/heap.js';
import type { Ptr } from '../../mem/layout.js';
import { LOCK_NESTED, LOCK_TRY, LOCK_WRITE } from '../../trace/lock_tracker.js';
import { SimulatorBug } from '../../util/fault.js';
import { ACTOR_STATE } from '../abi/constants.js';
import { lockClassName } from '../abi/lock_classes.js';
import { percpu, raw_spinlock } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { cpu_relax, preempt_disable, preempt_enable, set_actor_state } from '../sched/preempt.js';
import { lock_acquired, lock_bounced, lock_contended, lock_release, owner_word } from './lockdep.js';

export type RawSpinlock = Ptr<'raw_spinlock'>;

/** `cls` is the LOCK_CLASS. Before anybody else knows the lock. */
export function raw_spin_lock_init(k: Kernel, lock: RawSpinlock, cls: number): void {
  store(k, lock, raw_spinlock.val, 0);
  store(k, lock, raw_spinlock.owner, 0);
  store(k, lock, raw_spinlock.dep_map, cls);
  store(k, lock, raw_spinlock.ip, 0);
}

/** Acquires; spins until it can. May not be taken twice by one actor. */
export function raw_spin_lock(k: Kernel, lock: RawSpinlock, ip: number): void {
  /* Before the acquire: a holder whose task is preempted would keep all waiters spinning for a whole time slice. */
  preempt_disable(k);
  /* SPINLOCK, acquire: the section after the lock. Pairs with the release in raw_spin_unlock of the last holder. */
  if (cmpxchg_acquire(k, lock, raw_spinlock.val, 0, 1) === 0) locked(k, lock, LOCK_WRITE, ip, false);
  else raw_spin_lock_slowpath(k, lock, LOCK_WRITE, ip);
}

/** For the second of two locks of one class, which the caller always takes in the same order. */
export function raw_spin_lock_nested(k: Kernel, lock: RawSpinlock, ip: number): void {
  preempt_disable(k);
  if (cmpxchg_acquire(k, lock, raw_spinlock.val, 0, 1) === 0) locked(k, lock, LOCK_NESTED, ip, false);
  else raw_spin_lock_slowpath(k, lock, LOCK_NESTED, ip);
}

export function raw_spin_trylock(k: Kernel, lock: RawSpinlock, ip: number): boolean {
  preempt_disable(k);
  if (cmpxchg_acquire(k, lock, raw_spinlock.val, 0, 1) === 0) {
    locked(k, lock, LOCK_TRY, ip, false);
    return true;
  }
  preempt_enable(k);
  return false;
}

export function raw_spin_unlock(k: Kernel, lock: RawSpinlock): void {
  lock_release(k, lock, load(k, lock, raw_spinlock.dep_map));
  store(k, lock, raw_spinlock.owner, -owner_word(k));
  /* Release: the section before the lock is free. Pairs with the acquire of the next holder. */
  smp_store_release(k, lock, raw_spinlock.val, 0);
  preempt_enable(k);
}

export function raw_spin_is_locked(k: Kernel, lock: RawSpinlock): boolean {
  return READ_ONCE(k, lock, raw_spinlock.val) !== 0;
}

/** The lock was just taken: owner and ip are ours to write until the release. */
function locked(k: Kernel, lock: RawSpinlock, mode: number, ip: number, waited: boolean): void {
  const last = load(k, lock, raw_spinlock.owner);
  store(k, lock, raw_spinlock.owner, owner_word(k));
  store(k, lock, raw_spinlock.ip, ip);
  lock_acquired(k, lock, load(k, lock, raw_spinlock.dep_map), mode, ip, waited, lock_bounced(k, last));
}

/** The state is published only here, so that the fast path stays one RMW. */
function raw_spin_lock_slowpath(k: Kernel, lock: RawSpinlock, mode: number, ip: number): void {
  const cls = load(k, lock, raw_spinlock.dep_map);
  const owner = data_race(k, lock, raw_spinlock.owner);
  lock_contended(k, lock, cls, mode, ip, data_race(k, lock, raw_spinlock.ip), lock_bounced(k, owner));
  /* Only we write our own number there, so if we read it we do hold the lock. */
  if (owner === owner_word(k)) {
    throw new SimulatorBug(`actor ${k.actor} takes ${lockClassName(cls)} at ${lock} a second time`);
  }
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.spin_lock, lock);
  do {
    /* Condition: val is 0. Waker: none; the holder may not sleep. Reads only: the line stays with the holder. */
    while (READ_ONCE(k, lock, raw_spinlock.val) !== 0) cpu_relax(k);
  } while (cmpxchg_acquire(k, lock, raw_spinlock.val, 0, 1) !== 0);
  k.spins = 0;
  set_actor_state(k, state, obj);
  locked(k, lock, mode, ip, true);
}
