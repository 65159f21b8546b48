// SPDX-License-Identifier: GPL-2.0-only
/**
 * RCU whose read sections are preempt-disabled sections and cost nothing (kernel/rcu/tree.c with the hierarchy left
 * out). A grace period does not look for readers; it waits until every other actor has passed a quiescent state:
 *
 *   rcu_qs        a moment without a reader: context switch, exit to user mode, a waiting loop with preemption on
 *   rcu_dynticks  odd while RCU watches the actor; even in an extended quiescent state: idle halt, offline, a control
 *                 path that sleeps or has ended. All actors begin with 0, not watched: rcu_eqs_exit when they start.
 *
 * What it does not cover: a function that a CPU runs while RCU is not watching it, for instance a traced function of
 * the idle loop with its ftrace handler. A grace period ends without waiting for that, preemption off or not. This
 * is why livepatch has a grace period of its own, schedule_on_each_cpu: a worker that has run on a CPU proves that
 * the CPU has left whatever it ran before.
 */
import { B } from '../../mem/barriers.js';
import {
  data_race,
  FUTEX_TIMED_OUT,
  fetch_add,
  futex_wait,
  futex_wake,
  load,
  READ_ONCE,
  smp_mb,
  store,
} from '../../mem/heap.js';
import { embedded, NULL, type Ptr } from '../../mem/layout.js';
import { SimulatorBug } from '../../util/fault.js';
import { ACTOR_STATE, IPI_RESCHEDULE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { percpu, rcu_head, vmlinux } from '../abi/structs.js';
import { send_ipi } from '../cpu/ipi.js';
import { type Kernel, per_cpu, type Task } from '../kernel.js';
import { complete } from '../locking/completion.js';
import { might_sleep, schedule_debug } from '../locking/lockdep.js';
import { raw_spin_lock, raw_spin_lock_init, raw_spin_unlock } from '../locking/spinlock.js';
import { preempt_disable, preempt_enable, set_actor_state } from '../sched/preempt.js';
import { resched_curr, rq_lock, rq_unlock } from '../sched/rq.js';
import { put_task_struct } from '../sched/task.js';
import { rcu_sync_func } from './sync.js';

export type RcuHead = Ptr<'rcu_head'>;

/* Callbacks by number, since a function cannot stand in shared memory; `arg` is theirs. */
/** rcu_sync_func of the rcu_sync that embeds the head. */
export const RCU_FUNC_SYNC = 1;
/** Drops the reference `arg` to a task_struct. */
export const RCU_FUNC_PUT_TASK = 2;
/** complete(arg): the caller waits for its own callback (wakeme_after_rcu). */
export const RCU_FUNC_COMPLETE = 3;

/** At boot, before anybody else runs. */
export function rcu_init(k: Kernel): void {
  raw_spin_lock_init(k, embedded(k.g, vmlinux.rcu_lock), LOCK_CLASS.rcu_callbacks);
  store(k, k.g, vmlinux.rcu_cblist, NULL);
  store(k, k.g, vmlinux.rcu_seq, 0);
  store(k, k.g, vmlinux.rcu_gp_waiting, 0);
}

export function rcu_read_lock(k: Kernel): void {
  preempt_disable(k);
}

export function rcu_read_unlock(k: Kernel): void {
  preempt_enable(k);
}

/**
 * Reports a quiescent state; preempt_count is 0. While no grace period waits it is one plain load, a hint: a report
 * that is missed because the load was early is made at the next quiescent state.
 */
export function rcu_qs(k: Kernel): void {
  if (data_race(k, k.g, vmlinux.rcu_gp_waiting) === 0) return;
  report_qs(k);
}

/**
 * RCU_QS: a full RMW, so the sections before stand before the report and the report before later ones. Pairs with
 * RCU_GP. Without it: a grace period ends under a reader. Grace periods sleep on the word.
 */
function report_qs(k: Kernel): void {
  fetch_add(k, k.me, percpu.rcu_qs, 1);
  futex_wake(k, k.me, percpu.rcu_qs, Number.POSITIVE_INFINITY);
}

/** From here until rcu_eqs_exit this actor has no readers that a grace period waits for. Does not nest. */
export function rcu_eqs_enter(k: Kernel): void {
  if (k.preempt_count !== 0) {
    throw new SimulatorBug(`actor ${k.actor} enters an extended quiescent state with preemption off`);
  }
  /* RCU_QS, as in report_qs: full RMW. */
  if ((fetch_add(k, k.me, percpu.rcu_dynticks, 1) & 1) === 0) {
    throw new SimulatorBug(
      `actor ${k.actor} enters an extended quiescent state in one (or never left that of boot)`,
    );
  }
  /* No hint here, there may be no next time: a grace period sees the even count before it sleeps, or we see it. */
  if (READ_ONCE(k, k.g, vmlinux.rcu_gp_waiting) !== 0) report_qs(k);
}

/** RCU watches again. RCU_QS: full RMW; a grace period that saw the even count stands before what we read from here. */
export function rcu_eqs_exit(k: Kernel): void {
  if ((fetch_add(k, k.me, percpu.rcu_dynticks, 1) & 1) !== 0) {
    throw new SimulatorBug(`actor ${k.actor} leaves an extended quiescent state that it is not in`);
  }
}

/** Is RCU watching this actor? */
export function rcu_is_watching(k: Kernel): boolean {
  return (load(k, k.me, percpu.rcu_dynticks) & 1) !== 0;
}

/** Sleep between two nudges of a CPU that does not report, ms; a report ends it at once. */
const NUDGE_MS = 1;
/** Nudges with a bare IPI before the CPU is told to reschedule (resched_cpu). */
const GENTLE_NUDGES = 3;

/**
 * Waits until every preempt-disabled section that had begun when it was called has ended. Control paths only; any
 * number of them at a time, each with its own snapshot.
 *
 * RCU_GP: the caller's earlier writes stand before its look at each actor (the RMW on rcu_gp_waiting), and what it
 * saw there before all that follows (the RMW that takes it back). Pairs with RCU_QS. So a reader either has ended,
 * and all it did is visible to us, or it begins later and sees all we did before.
 */
export function synchronize_rcu(k: Kernel): void {
  might_sleep(k, 'synchronize_rcu', 0);
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  fetch_add(k, k.g, vmlinux.rcu_gp_waiting, 1);
  smp_mb(k, B.RCU_GP);
  const dynticks: number[] = [];
  const qs: number[] = [];
  for (let n = 0; n < k.nr_actors; n++) {
    const p = per_cpu(k, n);
    qs.push(READ_ONCE(k, p, percpu.rcu_qs));
    dynticks.push(READ_ONCE(k, p, percpu.rcu_dynticks));
  }
  /* We are quiescent ourselves: another grace period does not wait for us while we wait. */
  rcu_eqs_enter(k);
  k.trace.park();
  for (let n = 0; n < k.nr_actors; n++) {
    if (n === k.actor) continue;
    wait_for_qs(k, n, dynticks[n] as number, qs[n] as number);
  }
  k.trace.unpark();
  rcu_eqs_exit(k);
  smp_mb(k, B.RCU_GP);
  fetch_add(k, k.g, vmlinux.rcu_gp_waiting, -1);
  set_actor_state(k, state, obj);
}

/**
 * Condition: actor n was in an extended quiescent state at the snapshot, has passed one since, or reported. Waker:
 * report_qs, at once; the time limit is for the nudges only.
 */
function wait_for_qs(k: Kernel, n: number, dynticks: number, qs: number): void {
  const p = per_cpu(k, n);
  if ((dynticks & 1) === 0) return;
  let nudges = 0;
  set_actor_state(k, ACTOR_STATE.synchronize_rcu, n);
  for (;;) {
    const seen = READ_ONCE(k, p, percpu.rcu_qs);
    if (seen !== qs || READ_ONCE(k, p, percpu.rcu_dynticks) !== dynticks) return;
    const r = futex_wait(k, p, percpu.rcu_qs, seen, NUDGE_MS);
    if (r === FUTEX_TIMED_OUT && n < k.nr_cpus) nudge(k, n, ++nudges);
  }
}

/** The CPU has not reported for a while. */
function nudge(k: Kernel, cpu: number, nudges: number): void {
  if (nudges <= GENTLE_NUDGES) {
    send_ipi(k, cpu, IPI_RESCHEDULE);
    return;
  }
  /* resched_cpu: the task there runs on in the kernel, so it is asked to give the CPU away where it offers that. */
  const rq = per_cpu(k, cpu);
  if (READ_ONCE(k, rq, percpu.curr) === NULL) return;
  rq_lock(k, rq, _THIS_IP_.resched_curr);
  resched_curr(k, rq);
  rq_unlock(k, rq);
}

/**
 * Runs callback `func_id` with `arg` a grace period from now, on the thread that serves rcu_gp_kthread_pass. Any
 * context, also with locks held; the head is the caller's again in the callback. rcu_lock guards the list.
 */
export function call_rcu(k: Kernel, head: RcuHead, func_id: number, arg: number): void {
  const lock = embedded(k.g, vmlinux.rcu_lock);
  store(k, head, rcu_head.func, func_id);
  store(k, head, rcu_head.arg, arg);
  raw_spin_lock(k, lock, _THIS_IP_.call_rcu);
  store(k, head, rcu_head.next, load(k, k.g, vmlinux.rcu_cblist));
  store(k, k.g, vmlinux.rcu_cblist, head);
  /* After the push: the thread reads rcu_seq before it takes the list, and sleeps on the value it read. */
  fetch_add(k, k.g, vmlinux.rcu_seq, 1);
  raw_spin_unlock(k, lock);
  futex_wake(k, k.g, vmlinux.rcu_seq, 1);
}

/**
 * One turn of the RCU thread, a control path: takes the callbacks that are queued, waits a grace period, runs them
 * in the order they came. With none queued it sleeps until one comes or for `timeout_ms`. Returns how many it ran.
 */
export function rcu_gp_kthread_pass(k: Kernel, timeout_ms: number): number {
  const seq = READ_ONCE(k, k.g, vmlinux.rcu_seq);
  const lock = embedded(k.g, vmlinux.rcu_lock);
  raw_spin_lock(k, lock, _THIS_IP_.rcu_do_batch);
  let list = load(k, k.g, vmlinux.rcu_cblist);
  store(k, k.g, vmlinux.rcu_cblist, NULL);
  raw_spin_unlock(k, lock);
  if (list === NULL) {
    rcu_gp_kthread_sleep(k, seq, timeout_ms);
    return 0;
  }
  let oldest: RcuHead = NULL;
  while (list !== NULL) {
    const next = load(k, list, rcu_head.next);
    store(k, list, rcu_head.next, oldest);
    oldest = list;
    list = next;
  }
  synchronize_rcu(k);
  let count = 0;
  while (oldest !== NULL) {
    /* Before the callback, which may free the head or queue it again. */
    const next = load(k, oldest, rcu_head.next);
    rcu_invoke(k, oldest);
    oldest = next;
    count++;
  }
  return count;
}

/** Condition: rcu_seq moved on. Waker: call_rcu. */
function rcu_gp_kthread_sleep(k: Kernel, seq: number, timeout_ms: number): void {
  const state = load(k, k.me, percpu.state);
  const obj = load(k, k.me, percpu.state_obj);
  set_actor_state(k, ACTOR_STATE.wait_event, k.g + vmlinux.rcu_seq);
  schedule_debug(k, 'rcu_gp_kthread_sleep');
  rcu_eqs_enter(k);
  k.trace.park();
  futex_wait(k, k.g, vmlinux.rcu_seq, seq, timeout_ms);
  k.trace.unpark();
  rcu_eqs_exit(k);
  set_actor_state(k, state, obj);
}

function rcu_invoke(k: Kernel, head: RcuHead): void {
  const func = load(k, head, rcu_head.func);
  const arg = load(k, head, rcu_head.arg);
  if (func === RCU_FUNC_SYNC) rcu_sync_func(k, head);
  else if (func === RCU_FUNC_PUT_TASK) put_task_struct(k, arg as Task);
  else if (func === RCU_FUNC_COMPLETE) complete(k, arg as Ptr<'completion'>);
  else throw new SimulatorBug(`rcu_head ${head} has no callback ${func}`);
}
