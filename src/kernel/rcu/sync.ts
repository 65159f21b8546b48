// SPDX-License-Identifier: GPL-2.0-only
/**
 * rcu_sync (kernel/rcu/sync.c): the switch between a fast and a slow path of readers. Updaters send readers to the
 * slow path and wait a grace period; the way back takes another one, in the background, and an updater that comes
 * before it has ended finds the slow path still taken and waits for nothing.
 *
 * gp_wait.lock (rss_lock) guards gp_state and gp_count. Readers look at gp_state without it, in a preempt-disabled
 * section, which is what the grace periods wait for.
 *
 *   IDLE    readers on the fast path
 *   ENTER   first updater waits for its grace period
 *   PASSED  readers on the slow path
 *   EXIT    no updater left, callback pending
 *   REPLAY  one more came and left since: the pending callback asks for another grace period
 */
import { load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import { SimulatorBug } from '../../util/fault.js';
import { ACTOR_STATE, TASK_UNINTERRUPTIBLE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { percpu, rcu_head, rcu_sync, wait_queue_head } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import {
  finish_wait,
  init_wait_entry,
  init_waitqueue_head,
  own_wait_entry,
  prepare_to_wait,
  WAKE_AUTOREMOVE,
  wake_up_locked,
} from '../locking/wait.js';
import { set_actor_state } from '../sched/preempt.js';
import { schedule } from '../sched/wait_task.js';
import { call_rcu, RCU_FUNC_SYNC, type RcuHead, synchronize_rcu } from './tree.js';

export type RcuSync = Ptr<'rcu_sync'>;

const GP_IDLE = 0;
const GP_ENTER = 1;
const GP_PASSED = 2;
const GP_EXIT = 3;
const GP_REPLAY = 4;

export function rcu_sync_init(k: Kernel, rsp: RcuSync): void {
  store(k, rsp, rcu_sync.gp_state, GP_IDLE);
  store(k, rsp, rcu_sync.gp_count, 0);
  init_waitqueue_head(k, embedded(rsp, rcu_sync.gp_wait), LOCK_CLASS['rss->gp_wait']);
  store(k, embedded(rsp, rcu_sync.cb_head), rcu_head.next, NULL);
}

/** May a reader take the fast path? Preemption is off, and stays off until the reader is counted. */
export function rcu_sync_is_idle(k: Kernel, rsp: RcuSync): boolean {
  return READ_ONCE(k, rsp, rcu_sync.gp_state) === GP_IDLE;
}

function rss_lock(rsp: RcuSync): Ptr<'raw_spinlock'> {
  return embedded(embedded(rsp, rcu_sync.gp_wait), wait_queue_head.lock);
}

function rcu_sync_call(k: Kernel, rsp: RcuSync): void {
  call_rcu(k, embedded(rsp, rcu_sync.cb_head), RCU_FUNC_SYNC, rsp);
}

/** A grace period after an enter or an exit. At most one callback is pending: states EXIT and REPLAY. */
export function rcu_sync_func(k: Kernel, head: RcuHead): void {
  const rsp = container_of(head, rcu_sync.cb_head);
  raw_spin_lock(k, rss_lock(rsp), _THIS_IP_.rcu_sync_func);
  const state = load(k, rsp, rcu_sync.gp_state);
  if (state === GP_IDLE || state === GP_PASSED) throw new SimulatorBug(`rcu_sync_func in gp_state ${state}`);
  if (load(k, rsp, rcu_sync.gp_count) !== 0) {
    /* An updater is there, and a grace period has passed since the fast path closed. */
    WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_PASSED);
    wake_up_locked(k, embedded(rsp, rcu_sync.gp_wait), 1, 0, _THIS_IP_.rcu_sync_func);
  } else if (state === GP_REPLAY) {
    /* The grace period that has passed may have begun before the last updater left: one more. */
    WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_EXIT);
    rcu_sync_call(k, rsp);
  } else {
    /* A grace period since the last updater left: every reader to come sees what it did. */
    WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_IDLE);
  }
  raw_spin_unlock(k, rss_lock(rsp));
}

/** On return every reader that begins takes the slow path, and none is on the fast one. May sleep; nests. */
export function rcu_sync_enter(k: Kernel, rsp: RcuSync): void {
  raw_spin_lock(k, rss_lock(rsp), _THIS_IP_.rcu_sync_enter);
  const state = load(k, rsp, rcu_sync.gp_state);
  if (state === GP_IDLE) WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_ENTER);
  store(k, rsp, rcu_sync.gp_count, load(k, rsp, rcu_sync.gp_count) + 1);
  raw_spin_unlock(k, rss_lock(rsp));
  if (state === GP_IDLE) {
    synchronize_rcu(k);
    rcu_sync_func(k, embedded(rsp, rcu_sync.cb_head));
    return;
  }
  /* ENTER: another updater's grace period will do. The later states have theirs behind them. */
  if (READ_ONCE(k, rsp, rcu_sync.gp_state) < GP_PASSED) wait_for_passed(k, rsp);
}

/** wait_event(gp_wait). Condition: gp_state is at least PASSED. Waker: rcu_sync_func of the updater that came first. */
function wait_for_passed(k: Kernel, rsp: RcuSync): void {
  const wq = embedded(rsp, rcu_sync.gp_wait);
  const entry = own_wait_entry(k);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  init_wait_entry(k, entry, WAKE_AUTOREMOVE);
  set_actor_state(k, ACTOR_STATE.rcu_sync, rsp);
  for (;;) {
    prepare_to_wait(k, wq, entry, TASK_UNINTERRUPTIBLE, _THIS_IP_.rcu_sync_enter);
    if (READ_ONCE(k, rsp, rcu_sync.gp_state) >= GP_PASSED) break;
    schedule(k);
  }
  finish_wait(k, wq, entry, _THIS_IP_.rcu_sync_enter);
  set_actor_state(k, state, obj);
}

/** Does not wait: the fast path opens a grace period later, in the callback, unless another updater comes. */
export function rcu_sync_exit(k: Kernel, rsp: RcuSync): void {
  raw_spin_lock(k, rss_lock(rsp), _THIS_IP_.rcu_sync_exit);
  const count = load(k, rsp, rcu_sync.gp_count) - 1;
  if (count < 0) throw new SimulatorBug('rcu_sync_exit without rcu_sync_enter');
  store(k, rsp, rcu_sync.gp_count, count);
  if (count === 0) {
    const state = load(k, rsp, rcu_sync.gp_state);
    if (state === GP_PASSED) {
      WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_EXIT);
      rcu_sync_call(k, rsp);
    } else if (state === GP_EXIT) {
      WRITE_ONCE(k, rsp, rcu_sync.gp_state, GP_REPLAY);
    }
  }
  raw_spin_unlock(k, rss_lock(rsp));
}
