// SPDX-License-Identifier: GPL-2.0-only
/**
 * The transition (kernel/livepatch/transition.c): init, start, try_complete, complete, reverse, cancel, force.
 *
 * klp_mutex guards all of it. Without it run: klp_update_patch_state and __klp_sched_try_switch (of the current task),
 * klp_copy_process (under tasklist_lock) and the ftrace handler.
 */
import { B } from '../../mem/barriers.js';
import { load, READ_ONCE, smp_wmb, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import { list_next } from '../../mem/list.js';
import { AUDIT, EV, HOW, PHASE } from '../../trace/events.js';
import {
  KLP_PATCHED,
  KLP_UNDEFINED,
  KLP_UNPATCHED,
  PF_KTHREAD,
  SIGNALS_TIMEOUT,
  TASK_INTERRUPTIBLE,
  TIF_PATCH_PENDING,
  WARN,
} from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { klp_func, klp_object, klp_patch, task_struct, vmlinux } from '../abi/structs.js';
import { type Kernel, now_us, type Task } from '../kernel.js';
import { read_lock, read_unlock } from '../locking/rwlock.js';
import { schedule_delayed_work } from '../sched/delayed_work.js';
import { task_pid, trace_pid } from '../sched/pid.js';
import { idle_task } from '../sched/rq.js';
import { set_notify_signal } from '../sched/signal.js';
import { first_task, next_task } from '../sched/task.js';
import {
  clear_tsk_thread_flag,
  klp_patch_pending,
  set_tsk_thread_flag,
  test_tsk_thread_flag,
} from '../sched/thread_flags.js';
import { wake_up_state } from '../sched/wakeup.js';
import { schedule_on_each_cpu, WORK_KLP_SYNC } from '../sched/workqueue.js';
import { trace_throttle } from '../text/poll.js';
import { klp_free_patch_async } from './free.js';
import { klp_unpatch_objects } from './patch.js';
import { SYNC } from './protocol.js';
import { __klp_update_patch_state, klp_try_switch_task } from './update.js';

export type Patch = Ptr<'klp_patch'>;

export function klp_transition_patch(k: Kernel): Patch {
  return load(k, k.g, vmlinux.klp_transition_patch);
}

export function klp_target_state(k: Kernel): number {
  return READ_ONCE(k, k.g, vmlinux.klp_target_state);
}

function transition_id(k: Kernel): number {
  return load(k, klp_transition_patch(k), klp_patch.id);
}

function trace(k: Kernel, ev: number, a: number, b: number, c: number): void {
  k.trace.emit(ev, trace_pid(k), a, b, c, 0, 0);
}

function warn_task(k: Kernel, site: number, p: Task): void {
  trace(k, EV.warn, site, task_pid(k, p), 0);
}

/**
 * KLP_GP_SYNC: livepatch's own grace period. Runs a work item on every online CPU, so every section with preemption
 * off that was under way has ended, also in the idle loop, where RCU is not watching and synchronize_rcu would not
 * wait. Pairs with the handler, klp_update_patch_state and __klp_sched_try_switch. Without it a handler picks a
 * removed function, or a late switch overwrites a newer state.
 */
function klp_synchronize_transition(k: Kernel, place: number): void {
  if (k.protocol.omits_sync === place) return;
  trace(k, EV.klp_sync, PHASE.begin, 0, 0);
  schedule_on_each_cpu(k, WORK_KLP_SYNC);
  trace(k, EV.klp_sync, PHASE.end, 0, 0);
}

function set_transition(k: Kernel, patch: Patch, value: number): void {
  const objs = embedded(patch, klp_patch.objs);
  for (let o = list_next(k, objs); o !== objs; o = list_next(k, o)) {
    const funcs = embedded(container_of(o, klp_object.node), klp_object.funcs);
    for (let f = list_next(k, funcs); f !== funcs; f = list_next(k, f)) {
      WRITE_ONCE(k, container_of(f, klp_func.node), klp_func.transition, value);
    }
  }
}

/** Sets the target and gives every task its initial state; then the functions are marked as in transition. */
export function klp_init_transition(k: Kernel, patch: Patch, state: number): void {
  const initial = state === KLP_PATCHED ? KLP_UNPATCHED : KLP_PATCHED;
  if (klp_target_state(k) !== KLP_UNDEFINED) trace(k, EV.warn, WARN.target_undefined, klp_target_state(k), 0);
  /* Before the patch, which the watchdog looks at first. */
  WRITE_ONCE(k, k.g, vmlinux.klp_init_us, now_us(k));
  /* Marked: sysfs reads it without the mutex (klp_in_transition). */
  WRITE_ONCE(k, k.g, vmlinux.klp_transition_patch, patch);
  /* No effect until TIF_PATCH_PENDING flags are set. */
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, state);
  trace(k, EV.klp_init, transition_id(k), state, 0);

  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_init_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) klp_init_task(k, p, initial);
  read_unlock(k, list);
  k.protocol.init_idle(k, initial);
  k.audit(k, AUDIT.inited);

  /*
   * KLP_W_INIT: (1) the initial states before func->transition; pairs with KLP_R_STATE; without it a handler sees a
   * function in transition with an undefined state. (2) klp_target_state before the flags set later; pairs with
   * KLP_R_TIF and KLP_R_SCHED; without it a task switches to the undefined state.
   */
  smp_wmb(k, B.KLP_W_INIT);

  /* Patching: not visible to handlers yet. Unpatching: the functions are on their stacks, so at once. */
  set_transition(k, patch, 1);
}

export function klp_init_task(k: Kernel, p: Task, initial: number): void {
  if (READ_ONCE(k, p, task_struct.patch_state) !== KLP_UNDEFINED) warn_task(k, WARN.init_state, p);
  WRITE_ONCE(k, p, task_struct.patch_state, initial);
}

/** Asks every task that is not in the target state to switch. */
export function klp_start_transition(k: Kernel): void {
  const target = klp_target_state(k);
  trace(k, EV.klp_start, transition_id(k), target, 0);
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_start_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) klp_flag_task(k, p);
  read_unlock(k, list);
  k.protocol.start_idle(k);
  store(k, k.g, vmlinux.klp_signals_cnt, 0);
  trace(k, EV.klp_started, transition_id(k), target, 0);
}

export function klp_flag_task(k: Kernel, p: Task): void {
  if (READ_ONCE(k, p, task_struct.patch_state) !== klp_target_state(k))
    set_tsk_thread_flag(k, p, TIF_PATCH_PENDING);
}

/** Tries to switch all that are left, by their stacks; completes when none is, else arms the retry. */
export function klp_try_complete_transition(k: Kernel): void {
  if (klp_target_state(k) === KLP_UNDEFINED) trace(k, EV.warn, WARN.target_undefined, 0, 0);
  const attempt = load(k, k.g, vmlinux.klp_signals_cnt);
  let remaining = 0;
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_try_complete_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) {
    trace_throttle(k);
    if (!klp_try_switch_task(k, p)) remaining++;
  }
  read_unlock(k, list);
  const idle_done = k.protocol.try_complete_idle(k);
  const complete = remaining === 0 && idle_done && k.protocol.recheck(k);
  trace(k, EV.klp_try, transition_id(k), complete ? 0 : remaining + (idle_done ? 0 : 1) || 1, attempt);
  if (!complete) {
    if (attempt !== 0 && attempt % SIGNALS_TIMEOUT === 0) klp_send_signals(k, attempt);
    store(k, k.g, vmlinux.klp_signals_cnt, attempt + 1);
    schedule_delayed_work(k, embedded(k.g, vmlinux.klp_transition_work), k.cfg.retry_ms, false);
    return;
  }
  const patch = klp_transition_patch(k);
  klp_complete_transition(k);
  k.protocol.completed(k);
  if (load(k, patch, klp_patch.enabled) === 0) klp_free_patch_async(k, patch);
}

/** Fake signals to user tasks that still have to switch, wake-ups to such kthreads that sleep interruptibly. */
function klp_send_signals(k: Kernel, attempt: number): void {
  trace(k, EV.klp_signals, transition_id(k), attempt, 0);
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_send_signals);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) {
    /* A race by design: the task may switch itself meanwhile, and the signal is then for nothing. */
    if (!klp_patch_pending(k, p)) continue;
    trace(k, EV.klp_signal, task_pid(k, p), 0, 0);
    if ((READ_ONCE(k, p, task_struct.flags) & PF_KTHREAD) !== 0) {
      wake_up_state(k, p, TASK_INTERRUPTIBLE, _THIS_IP_.klp_send_signals);
    } else {
      set_notify_signal(k, p);
    }
  }
  read_unlock(k, list);
}

/** All tasks are in the target state: cleans up. */
export function klp_complete_transition(k: Kernel): void {
  const patch = klp_transition_patch(k);
  const target = klp_target_state(k);
  trace(k, EV.klp_complete, transition_id(k), target, 0);
  if (target === KLP_UNPATCHED) {
    klp_unpatch_objects(k, patch);
    /* No handler may still hold a removed function when func->transition is cleared: it would choose it. */
    klp_synchronize_transition(k, SYNC.unpatched);
  }
  set_transition(k, patch, 0);
  /* No handler may still hold func->transition set when the states become undefined. */
  if (target === KLP_PATCHED) klp_synchronize_transition(k, SYNC.patched);

  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_complete_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) klp_reset_task(k, p);
  read_unlock(k, list);
  k.protocol.complete_idle(k);
  const id = transition_id(k);
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_UNDEFINED);
  WRITE_ONCE(k, k.g, vmlinux.klp_transition_patch, NULL);
  k.audit(k, AUDIT.completed);
  trace(k, EV.klp_completed, id, target, now_us(k) - load(k, k.g, vmlinux.klp_init_us));
}

export function klp_reset_task(k: Kernel, p: Task): void {
  if (test_tsk_thread_flag(k, p, TIF_PATCH_PENDING)) warn_task(k, WARN.complete_pending, p);
  WRITE_ONCE(k, p, task_struct.patch_state, KLP_UNDEFINED);
}

/** Enabling failed between init and start: nobody has switched, so it completes as an unpatching at once. */
export function klp_cancel_transition(k: Kernel): void {
  if (klp_target_state(k) !== KLP_PATCHED) {
    trace(k, EV.warn, WARN.cancel_not_patched, klp_target_state(k), 0);
    return;
  }
  trace(k, EV.klp_cancel, transition_id(k), 0, 0);
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_UNPATCHED);
  klp_complete_transition(k);
}

function clear_pending_flags(k: Kernel): void {
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_reverse_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) clear_tsk_thread_flag(k, p, TIF_PATCH_PENDING);
  read_unlock(k, list);
  k.protocol.clear_idle(k);
}

function flip_target(k: Kernel, patch: Patch, from: number): number {
  const to = from === KLP_PATCHED ? KLP_UNPATCHED : KLP_PATCHED;
  store(k, patch, klp_patch.enabled, load(k, patch, klp_patch.enabled) === 0 ? 1 : 0);
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, to);
  return to;
}

/**
 * Turns a running transition around. The flags are cleared and switches in flight waited for, so that none of them
 * can act on a mixture of old and new target. Up to 6.2 the target flips first, later last.
 */
export function klp_reverse_transition(k: Kernel): void {
  const patch = klp_transition_patch(k);
  const from = klp_target_state(k);
  const other = from === KLP_PATCHED ? KLP_UNPATCHED : KLP_PATCHED;
  trace(k, EV.klp_reverse, transition_id(k), from, other);
  if (!k.protocol.reverse_syncs_first) flip_target(k, patch, from);
  clear_pending_flags(k);
  klp_synchronize_transition(k, SYNC.reverse);
  if (k.protocol.reverse_syncs_first) {
    flip_target(k, patch, from);
    /*
     * KLP_W_REVERSE: klp_target_state before the flags that klp_start_transition sets. Pairs with KLP_R_TIF and
     * KLP_R_SCHED. Without it a task switches to the old target and is never asked again. (With the flip first, the
     * full barriers of the synchronization stand between the two.)
     */
    smp_wmb(k, B.KLP_W_REVERSE);
  }
  klp_start_transition(k);
  trace(k, EV.klp_reversed, transition_id(k), from, other);
}

/**
 * Switches every pending task at once, running or not: consistency is given up, the administrator has asked for it.
 * A patch that is being removed by force keeps its module for good.
 */
export function klp_force_transition(k: Kernel): void {
  const patch = klp_transition_patch(k);
  trace(k, EV.klp_force, transition_id(k), klp_target_state(k), 0);
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.klp_force_transition);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) __klp_update_patch_state(k, p, HOW.force);
  read_unlock(k, list);
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) __klp_update_patch_state(k, idle_task(k, cpu), HOW.force);
  if (klp_target_state(k) === KLP_UNPATCHED) store(k, patch, klp_patch.forced, 1);
}
