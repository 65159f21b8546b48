// SPDX-License-Identifier: GPL-2.0-only
/**
 * Delayed work of the unbound workqueue, which a control path of its own serves: its functions take mutexes and
 * wait, and no simulated CPU can do that.
 */
import { fetch_add, futex_wait, futex_wake, load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, type Ptr } from '../../mem/layout.js';
import { ACTOR_STATE } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { delayed_work } from '../abi/structs.js';
import { jiffies, type Kernel } from '../kernel.js';
import { schedule_debug } from '../locking/lockdep.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '../rcu/tree.js';
import { set_actor_state } from './preempt.js';

type DelayedWork = Ptr<'delayed_work'>;

/** Arms the work for `ms` from now; an armed one keeps its time unless `mod`. dw->lock guards pending and expires. */
export function schedule_delayed_work(k: Kernel, dw: DelayedWork, ms: number, mod: boolean): void {
  const lock = embedded(dw, delayed_work.lock);
  raw_spin_lock(k, lock, _THIS_IP_.mod_delayed_work);
  if (mod || READ_ONCE(k, dw, delayed_work.pending) === 0) {
    store(k, dw, delayed_work.expires_ms, jiffies(k) + ms);
    WRITE_ONCE(k, dw, delayed_work.pending, 1);
    /* The worker sleeps on seq as it read it before its look at pending: a change ends or forbids that sleep. */
    fetch_add(k, dw, delayed_work.seq, 1);
  }
  raw_spin_unlock(k, lock);
  futex_wake(k, dw, delayed_work.seq, 1);
}

/**
 * One turn of the worker: true when the work is due (it is then no longer pending and the caller runs it).
 * Otherwise it has slept until something changed, the time came, or `most_ms` passed.
 */
export function delayed_work_due(k: Kernel, dw: DelayedWork, most_ms: number): boolean {
  const seq = READ_ONCE(k, dw, delayed_work.seq);
  const lock = embedded(dw, delayed_work.lock);
  raw_spin_lock(k, lock, _THIS_IP_.delayed_work_loop);
  let wait_ms = most_ms;
  if (READ_ONCE(k, dw, delayed_work.pending) !== 0) {
    const left = load(k, dw, delayed_work.expires_ms) - jiffies(k);
    if (left <= 0) {
      WRITE_ONCE(k, dw, delayed_work.pending, 0);
      raw_spin_unlock(k, lock);
      return true;
    }
    wait_ms = Math.min(left, most_ms);
  }
  raw_spin_unlock(k, lock);
  set_actor_state(k, ACTOR_STATE.delayed_work, dw);
  schedule_debug(k, 'delayed_work_due');
  rcu_eqs_enter(k);
  k.trace.park();
  /* Condition: seq moved on, or the time came. Waker: schedule_delayed_work. */
  futex_wait(k, dw, delayed_work.seq, seq, wait_ms);
  k.trace.unpark();
  rcu_eqs_exit(k);
  set_actor_state(k, ACTOR_STATE.running, 0);
  return false;
}
