// SPDX-License-Identifier: GPL-2.0-only
/** The scheduler of one CPU (kernel/sched/core.c): __schedule, preemption, cond_resched. */
import { B } from '../../mem/barriers.js';
import { data_race, load, READ_ONCE, smp_mb, smp_store_release, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded } from '../../mem/layout.js';
import { list_first_or_null } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import {
  PF_NO_SETAFFINITY,
  TASK_DEAD,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TIF_NEED_RESCHED,
} from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, task_struct } from '../abi/structs.js';
import { type Kernel, per_cpu, type Task } from '../kernel.js';
import { schedule_debug } from '../locking/lockdep.js';
import { raw_spin_trylock, raw_spin_unlock } from '../locking/spinlock.js';
import { rcu_qs } from '../rcu/tree.js';
import { task_dead } from './exit.js';
import { task_pid } from './pid.js';
import {
  activate_task,
  dequeue_queued,
  enqueue_task,
  idle_task,
  is_cpu_allowed,
  is_idle_task,
  refill_slice,
  rq_lock,
  rq_unlock,
  select_task_rq,
  set_task_cpu,
} from './rq.js';
import { clear_tsk_thread_flag, signal_pending } from './thread_flags.js';

/**
 * Gives the CPU to the next task. `preempt`: the current one stays runnable whatever its state says. On return
 * k.current is the task to run; the caller has saved the registers of the old one.
 */
export function __schedule(k: Kernel, preempt: boolean): void {
  const prev = k.current;
  const me = k.me;
  schedule_debug(k, '__schedule');
  /* A context switch is a quiescent state. */
  rcu_qs(k);
  rq_lock(k, me, _THIS_IP_.__schedule);
  /*
   * SCHED_LOCK: what prev has done to its state and its condition, before what follows under the lock. Pairs with
   * TTWU_STATE and TTWU_ON_RQ. Without it a waker finds an old state or an old on_rq.
   */
  smp_mb(k, B.SCHED_LOCK);
  clear_tsk_thread_flag(k, prev, TIF_NEED_RESCHED);
  let prev_state = READ_ONCE(k, prev, task_struct.__state);
  const is_idle = is_idle_task(k, prev, k.actor);
  if (!is_idle) {
    if (!preempt && prev_state !== TASK_RUNNING) {
      if ((prev_state & TASK_INTERRUPTIBLE) !== 0 && signal_pending(k, prev)) {
        WRITE_ONCE(k, prev, task_struct.__state, TASK_RUNNING);
        prev_state = TASK_RUNNING;
        enqueue_current(k, prev);
      } else {
        deactivate_current(k, prev);
      }
    } else {
      enqueue_current(k, prev);
    }
  }
  const next = pick_next_task(k);
  if (next === prev) {
    rq_unlock(k, me);
    return;
  }
  context_switch(k, prev, next, prev_state, preempt);
}

/** rq->lock held. The running task was counted but not queued; now it queues behind the others. */
function enqueue_current(k: Kernel, prev: Task): void {
  WRITE_ONCE(k, k.me, percpu.nr_running, load(k, k.me, percpu.nr_running) - 1);
  enqueue_task(k, k.me, prev);
}

function deactivate_current(k: Kernel, prev: Task): void {
  WRITE_ONCE(k, k.me, percpu.nr_running, load(k, k.me, percpu.nr_running) - 1);
  WRITE_ONCE(k, prev, task_struct.on_rq, 0);
}

/** rq->lock held. The head of the queue; idle when there is none or when stopper work must run first. */
function pick_next_task(k: Kernel): Task {
  const me = k.me;
  if (READ_ONCE(k, me, percpu.stop_work) !== 0) return idle_task(k, k.actor);
  let entry = list_first_or_null(k, embedded(me, percpu.queue));
  if (entry === 0) {
    if (!newidle_balance(k)) return idle_task(k, k.actor);
    entry = list_first_or_null(k, embedded(me, percpu.queue));
  }
  const next = container_of(entry, task_struct.run_list);
  dequeue_queued(k, me, next);
  /* The running task stays counted in nr_running and on_rq, though it is not in the queue. */
  WRITE_ONCE(k, me, percpu.nr_running, load(k, me, percpu.nr_running) + 1);
  return next;
}

/**
 * Own rq->lock held. Pulls a waiting task from the longest queue. The other lock is only tried for: two CPUs that
 * pull from each other would deadlock. Both locks held, so p may change its queue without its pi_lock.
 */
function newidle_balance(k: Kernel): boolean {
  let busiest = -1;
  let most = 1;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (cpu === k.actor) continue;
    const n = data_race(k, per_cpu(k, cpu), percpu.nr_running);
    if (n > most) {
      most = n;
      busiest = cpu;
    }
  }
  if (busiest < 0) return false;
  const rq = per_cpu(k, busiest);
  const lock = embedded(rq, percpu.rq_lock);
  if (!raw_spin_trylock(k, lock, _THIS_IP_.newidle_balance)) return false;
  const entry = list_first_or_null(k, embedded(rq, percpu.queue));
  let pulled = false;
  if (entry !== 0) {
    const p = container_of(entry, task_struct.run_list);
    if ((load(k, p, task_struct.flags) & PF_NO_SETAFFINITY) === 0 && is_cpu_allowed(k, p, k.actor)) {
      dequeue_queued(k, rq, p);
      set_task_cpu(k, p, k.actor);
      enqueue_task(k, k.me, p);
      pulled = true;
    }
  }
  raw_spin_unlock(k, lock);
  return pulled;
}

/** rq->lock held on entry, released within. */
function context_switch(k: Kernel, prev: Task, next: Task, prev_state: number, preempt: boolean): void {
  const me = k.me;
  WRITE_ONCE(k, next, task_struct.on_cpu, 1);
  WRITE_ONCE(k, me, percpu.curr, next);
  refill_slice(k, next);
  k.count[COUNTER.context_switches] = (k.count[COUNTER.context_switches] as number) + 1;
  if (preempt) k.count[COUNTER.preemptions] = (k.count[COUNTER.preemptions] as number) + 1;
  k.trace.emit(EV.sched_switch, task_pid(k, prev), task_pid(k, prev), task_pid(k, next), prev_state, 0, 0);
  k.current = next;
  /*
   * FINISH_TASK: all that prev did on this CPU before on_cpu = 0; release, pairs with TTWU_ON_CPU. From here on
   * another CPU may run prev, so nothing below may touch its stack or registers.
   */
  smp_store_release(k, prev, task_struct.on_cpu, 0);
  const stranded =
    prev_state !== TASK_DEAD &&
    !is_idle_task(k, prev, k.actor) &&
    READ_ONCE(k, prev, task_struct.on_rq) !== 0 &&
    !is_cpu_allowed(k, prev, k.actor);
  rq_unlock(k, me);
  if (prev_state === TASK_DEAD) task_dead(k, prev);
  else if (stranded) push_stranded(k);
}

/** Moves tasks whose mask no longer has this CPU to one that they may use (push_cpu_stop). */
export function push_stranded(k: Kernel): void {
  const moved: Task[] = [];
  const me = k.me;
  rq_lock(k, me, _THIS_IP_.push_cpu_stop);
  let entry = list_first_or_null(k, embedded(me, percpu.queue));
  const seen = load(k, me, percpu.nr_running);
  for (let i = 0; i < seen && entry !== 0; i++) {
    const p = container_of(entry, task_struct.run_list);
    dequeue_queued(k, me, p);
    if (is_cpu_allowed(k, p, k.actor)) {
      enqueue_task(k, me, p);
    } else {
      /* Neither queued nor asleep while it moves: TASK_ON_RQ_MIGRATING keeps wakers and task_call_func waiting. */
      set_task_cpu(k, p, select_task_rq(k, p));
      moved.push(p);
    }
    entry = list_first_or_null(k, embedded(me, percpu.queue));
  }
  rq_unlock(k, me);
  for (let i = 0; i < moved.length; i++) {
    const p = moved[i] as Task;
    activate_task(k, p, _THIS_IP_.push_cpu_stop);
  }
}

/** A task gives its CPU away between two steps: involuntarily, so its state does not matter. */
export function preempt_schedule(k: Kernel): void {
  __schedule(k, true);
}
