// SPDX-License-Identifier: GPL-2.0-only
/**
 * Completions (kernel/sched/completion.c): one side reports, the other waits. done counts the reports that nobody has
 * waited for yet; wait.lock guards it together with the queue, so no report is lost between look and sleep.
 */
import { load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, type Ptr } from '../../mem/layout.js';
import { list_del_init, list_empty } from '../../mem/list.js';
import { ACTOR_STATE, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { completion, percpu, wait_queue_entry, wait_queue_head } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { set_actor_state } from '../sched/preempt.js';
import { __set_current_state, schedule, set_current_state } from '../sched/wait_task.js';
import { might_sleep } from './lockdep.js';
import { raw_spin_lock, raw_spin_unlock } from './spinlock.js';
import {
  __add_wait_queue_entry_tail_exclusive,
  init_wait_entry,
  init_waitqueue_head,
  own_wait_entry,
  WAKE_AUTOREMOVE,
  wake_up_locked,
} from './wait.js';

export type Completion = Ptr<'completion'>;

/** done after complete_all: waits no longer count it down. */
const COMPLETE_ALL = 0x7fffffff;

export function init_completion(k: Kernel, c: Completion): void {
  store(k, c, completion.done, 0);
  init_waitqueue_head(k, embedded(c, completion.wait), LOCK_CLASS['&x->wait']);
}

/** For the next use. Nobody may be waiting or reporting. */
export function reinit_completion(k: Kernel, c: Completion): void {
  WRITE_ONCE(k, c, completion.done, 0);
}

function add_done(k: Kernel, c: Completion, all: boolean): void {
  const wq = embedded(c, completion.wait);
  const lock = embedded(wq, wait_queue_head.lock);
  raw_spin_lock(k, lock, _THIS_IP_.complete);
  const done = load(k, c, completion.done);
  if (done !== COMPLETE_ALL) WRITE_ONCE(k, c, completion.done, all ? COMPLETE_ALL : done + 1);
  wake_up_locked(k, wq, all ? COMPLETE_ALL : 1, 0, _THIS_IP_.complete);
  raw_spin_unlock(k, lock);
}

/** Any context. Wakes one waiter, the first that came. What we did before is visible to it (wait.lock). */
export function complete(k: Kernel, c: Completion): void {
  add_done(k, c, false);
}

export function complete_all(k: Kernel, c: Completion): void {
  add_done(k, c, true);
}

/** Sleeps until a complete() that no other waiter has used up. Control paths only. */
export function wait_for_completion(k: Kernel, c: Completion, ip: number): void {
  might_sleep(k, 'wait_for_completion', ip);
  const lock = embedded(embedded(c, completion.wait), wait_queue_head.lock);
  raw_spin_lock(k, lock, ip);
  if (load(k, c, completion.done) === 0) wait_for_done(k, c, ip);
  const done = load(k, c, completion.done);
  if (done !== COMPLETE_ALL) WRITE_ONCE(k, c, completion.done, done - 1);
  raw_spin_unlock(k, lock);
}

/** wait.lock held on entry and on return. */
function wait_for_done(k: Kernel, c: Completion, ip: number): void {
  const wq = embedded(c, completion.wait);
  const lock = embedded(wq, wait_queue_head.lock);
  const entry = own_wait_entry(k);
  const node = embedded(entry, wait_queue_entry.entry);
  init_wait_entry(k, entry, WAKE_AUTOREMOVE);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.completion, c);
  /* Condition: done is not 0. Waker: complete, which takes the entry off the queue. */
  do {
    if (list_empty(k, node)) __add_wait_queue_entry_tail_exclusive(k, wq, entry);
    set_current_state(k, TASK_UNINTERRUPTIBLE);
    raw_spin_unlock(k, lock);
    schedule(k);
    raw_spin_lock(k, lock, ip);
  } while (load(k, c, completion.done) === 0);
  __set_current_state(k, TASK_RUNNING);
  if (!list_empty(k, node)) list_del_init(k, node);
  set_actor_state(k, state, obj);
}

/** Has a complete() come that nobody used up? */
export function completion_done(k: Kernel, c: Completion): boolean {
  if (READ_ONCE(k, c, completion.done) === 0) return false;
  /* Through the lock: the complete() whose report we saw has then left c, and the caller may free it. */
  const lock = embedded(embedded(c, completion.wait), wait_queue_head.lock);
  raw_spin_lock(k, lock, _THIS_IP_.wait_for_completion);
  raw_spin_unlock(k, lock);
  return true;
}
