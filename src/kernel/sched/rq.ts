// SPDX-License-Identifier: GPL-2.0-only
/**
 * Run queues. rq->lock guards the queue, nr_running, curr, and on_rq and cpu of the tasks on it. The running task is
 * on_rq but not in the queue. Lock order: p->pi_lock before rq->lock.
 */
import { load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, type Ptr } from '../../mem/layout.js';
import { list_add_tail, list_del_init } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import { IPI_RESCHEDULE, PF_NO_SETAFFINITY, TIF_NEED_RESCHED } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { percpu, task_struct } from '../abi/structs.js';
import { send_ipi } from '../cpu/ipi.js';
import { cpu_active, cpu_online } from '../cpu/masks.js';
import { type Kernel, per_cpu, type Task } from '../kernel.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import { task_pid, trace_pid } from './pid.js';
import { set_tsk_thread_flag, test_and_set_tsk_thread_flag, test_tsk_thread_flag } from './thread_flags.js';

export type Rq = Ptr<'percpu'>;

export function rq_lock(k: Kernel, rq: Rq, ip: number): void {
  raw_spin_lock(k, embedded(rq, percpu.rq_lock), ip);
}

export function rq_unlock(k: Kernel, rq: Rq): void {
  raw_spin_unlock(k, embedded(rq, percpu.rq_lock));
}

export function task_cpu(k: Kernel, p: Task): number {
  return READ_ONCE(k, p, task_struct.cpu);
}

export function task_rq(k: Kernel, p: Task): Rq {
  return per_cpu(k, task_cpu(k, p));
}

/** Locks the queue that p belongs to. p->pi_lock is held, so only balancing can move p, under both queue locks. */
export function __task_rq_lock(k: Kernel, p: Task, ip: number): Rq {
  for (;;) {
    const rq = task_rq(k, p);
    rq_lock(k, rq, ip);
    if (rq === task_rq(k, p)) return rq;
    rq_unlock(k, rq);
  }
}

/** Runs on its CPU right now. Stable under the lock of its queue only. */
export function task_curr(k: Kernel, p: Task): boolean {
  return READ_ONCE(k, task_rq(k, p), percpu.curr) === p;
}

export function idle_task(k: Kernel, cpu: number): Task {
  return load(k, per_cpu(k, cpu), percpu.idle);
}

export function is_idle_task(k: Kernel, p: Task, cpu: number): boolean {
  return p === idle_task(k, cpu);
}

/**
 * rq->lock held. Asks the CPU of the queue to schedule. The flag is set in full order (set_nr_and_not_polling) only where
 * another CPU is to see it: on its own the bit is enough, and orders nothing.
 */
export function resched_curr(k: Kernel, rq: Rq): void {
  const curr = load(k, rq, percpu.curr);
  if (test_tsk_thread_flag(k, curr, TIF_NEED_RESCHED)) return;
  const cpu = load(k, rq, percpu.cpu);
  if (cpu === k.actor) {
    set_tsk_thread_flag(k, curr, TIF_NEED_RESCHED);
    return;
  }
  test_and_set_tsk_thread_flag(k, curr, TIF_NEED_RESCHED);
  send_ipi(k, cpu, IPI_RESCHEDULE);
}

/** rq->lock held. */
export function enqueue_task(k: Kernel, rq: Rq, p: Task): void {
  list_add_tail(k, embedded(p, task_struct.run_list), embedded(rq, percpu.queue));
  WRITE_ONCE(k, rq, percpu.nr_running, load(k, rq, percpu.nr_running) + 1);
  WRITE_ONCE(k, p, task_struct.on_rq, 1);
}

/** rq->lock held; p waits in the queue. on_rq stays 1 while p moves between two queues under both locks. */
export function dequeue_queued(k: Kernel, rq: Rq, p: Task): void {
  list_del_init(k, embedded(p, task_struct.run_list));
  WRITE_ONCE(k, rq, percpu.nr_running, load(k, rq, percpu.nr_running) - 1);
}

export function set_task_cpu(k: Kernel, p: Task, cpu: number): void {
  const from = load(k, p, task_struct.cpu);
  if (from === cpu) return;
  WRITE_ONCE(k, p, task_struct.cpu, cpu);
  k.count[COUNTER.migrations] = (k.count[COUNTER.migrations] as number) + 1;
  k.trace.emit(EV.migrate, trace_pid(k), task_pid(k, p), from, cpu, 0, 0);
}

/** May p run on `cpu`? A per-CPU kthread may while its CPU is online, others only while it is active. */
export function is_cpu_allowed(k: Kernel, p: Task, cpu: number): boolean {
  if (((READ_ONCE(k, p, task_struct.cpus_mask) >>> cpu) & 1) === 0) return false;
  if ((READ_ONCE(k, p, task_struct.flags) & PF_NO_SETAFFINITY) !== 0) return cpu_online(k, cpu);
  return cpu_active(k, cpu);
}

/**
 * The CPU for a waking or new task: the one it ran on if that is idle, else the allowed one with the shortest
 * queue. With none allowed (the last of its mask went away) any active one, as select_fallback_rq does.
 */
export function select_task_rq(k: Kernel, p: Task): number {
  const prev = load(k, p, task_struct.cpu);
  if ((load(k, p, task_struct.flags) & PF_NO_SETAFFINITY) !== 0) return prev;
  let best = -1;
  let fewest = 0x7fffffff;
  if (is_cpu_allowed(k, p, prev)) {
    best = prev;
    fewest = READ_ONCE(k, per_cpu(k, prev), percpu.nr_running);
    if (fewest === 0) return prev;
  }
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (cpu === prev || !is_cpu_allowed(k, p, cpu)) continue;
    const n = READ_ONCE(k, per_cpu(k, cpu), percpu.nr_running);
    if (n < fewest) {
      best = cpu;
      fewest = n;
    }
  }
  if (best >= 0) return best;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (cpu_active(k, cpu)) return cpu;
  return prev;
}

/**
 * Puts p, which is in no queue, on the queue of task_cpu(p), or of another if that CPU went offline meanwhile. The
 * online bit is tested under rq->lock: take_cpu_down clears it before it takes the lock to move the tasks away, so
 * either it finds p in the queue or we find the bit cleared. p is woken or new (its pi_lock held), or moves between
 * queues with on_rq still set (TASK_ON_RQ_MIGRATING): its cpu changes only under the lock of the queue it names, so
 * that task_call_func, which holds that lock, keeps p from running.
 */
export function activate_task(k: Kernel, p: Task, ip: number): void {
  for (;;) {
    const cpu = load(k, p, task_struct.cpu);
    const rq = per_cpu(k, cpu);
    rq_lock(k, rq, ip);
    if (cpu_online(k, cpu) || (load(k, p, task_struct.flags) & PF_NO_SETAFFINITY) !== 0) {
      enqueue_task(k, rq, p);
      const curr = load(k, rq, percpu.curr);
      if (is_idle_task(k, curr, cpu)) resched_curr(k, rq);
      rq_unlock(k, rq);
      return;
    }
    set_task_cpu(k, p, select_task_rq(k, p));
    rq_unlock(k, rq);
  }
}

/** rq->lock of the queue held: forgets the slice of a task that begins to run. */
export function refill_slice(k: Kernel, p: Task): void {
  store(k, p, task_struct.slice, k.cfg.slice_steps);
}
