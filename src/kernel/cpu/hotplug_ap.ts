// SPDX-License-Identifier: GPL-2.0-only
/** CPU hotplug, the side of the CPU that comes or goes: its cpuhp thread, its end and its start. */
import { B } from '../../mem/barriers.js';
import { futex_wait, load, READ_ONCE, smp_load_acquire, smp_mb, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded } from '../../mem/layout.js';
import { list_first_or_null } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import {
  ACTOR_STATE,
  CPUHP_AP_IDLE_DEAD,
  CPUHP_AP_OFFLINE,
  CPUHP_AP_ONLINE,
  MACHINE_HALTED,
  PF_NO_SETAFFINITY,
  TIF_NEED_RESCHED,
} from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, task_struct, vmlinux } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { complete } from '../locking/completion.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '../rcu/tree.js';
import { trace_pid } from '../sched/pid.js';
import { set_actor_state } from '../sched/preempt.js';
import {
  activate_task,
  dequeue_queued,
  rq_lock,
  rq_unlock,
  select_task_rq,
  set_task_cpu,
} from '../sched/rq.js';
import { set_tsk_thread_flag } from '../sched/thread_flags.js';
import { cpuhp_invoke_callback } from './callbacks.js';
import { cpu_online, set_cpu_online } from './masks.js';

/** Functions that stop_machine runs. */
export const STOP_TAKE_CPU_DOWN = 1;

/** What a stopped CPU runs for stop_machine. */
export function run_stopped(k: Kernel, fn_id: number, _arg: number): number {
  return fn_id === STOP_TAKE_CPU_DOWN ? take_cpu_down(k) : 0;
}

/**
 * On the dying CPU, all others stopped, interrupts off: it leaves the online mask, then its tasks move away. In this
 * order, since activate_task tests the mask under rq->lock. CPU-bound kthreads stay and go on when the CPU is back.
 */
function take_cpu_down(k: Kernel): number {
  set_cpu_online(k, k.actor, false);
  for (let state = CPUHP_AP_ONLINE; state > CPUHP_AP_OFFLINE; state--)
    cpuhp_invoke_callback(k, k.actor, state, false);
  migrate_tasks(k);
  WRITE_ONCE(k, k.me, percpu.cpuhp_state, CPUHP_AP_OFFLINE);
  return 0;
}

function migrate_tasks(k: Kernel): void {
  const moved: Task[] = [];
  const stay: Task[] = [];
  rq_lock(k, k.me, _THIS_IP_.migrate_tasks);
  let entry = list_first_or_null(k, embedded(k.me, percpu.queue));
  while (entry !== 0) {
    const p = container_of(entry, task_struct.run_list);
    dequeue_queued(k, k.me, p);
    if ((load(k, p, task_struct.flags) & PF_NO_SETAFFINITY) !== 0) {
      stay.push(p);
    } else {
      /* on_rq stays set while p is between queues; its new cpu is written under the lock of the old one. */
      set_task_cpu(k, p, select_task_rq(k, p));
      moved.push(p);
    }
    entry = list_first_or_null(k, embedded(k.me, percpu.queue));
  }
  rq_unlock(k, k.me);
  for (let i = 0; i < moved.length; i++) activate_task(k, moved[i] as Task, _THIS_IP_.migrate_tasks);
  for (let i = 0; i < stay.length; i++) activate_task(k, stay[i] as Task, _THIS_IP_.migrate_tasks);
}

/**
 * One pass of the cpuhp thread of this CPU: walks its state to the target, one callback at a time, and reports.
 * False: there was nothing to do.
 */
export function cpuhp_thread_fun(k: Kernel): boolean {
  const st = k.me;
  if (READ_ONCE(k, st, percpu.cpuhp_should_run) === 0) return false;
  /*
   * CPUHP_MB_FUN: should_run before target and direction. Pairs with CPUHP_MB_KICK in __cpuhp_kick_ap. Without it
   * this pass uses the target of the last operation.
   */
  smp_mb(k, B.CPUHP_MB_FUN);
  const target = load(k, st, percpu.cpuhp_target);
  const bringup = load(k, st, percpu.cpuhp_bringup) !== 0;
  let state = READ_ONCE(k, st, percpu.cpuhp_state);
  let err = 0;
  while (err === 0 && (bringup ? state < target : state > target)) {
    err = cpuhp_invoke_callback(k, k.actor, bringup ? state + 1 : state, bringup);
    if (err === 0) {
      state += bringup ? 1 : -1;
      WRITE_ONCE(k, st, percpu.cpuhp_state, state);
    }
  }
  store(k, st, percpu.cpuhp_result, err);
  WRITE_ONCE(k, st, percpu.cpuhp_should_run, 0);
  complete(k, embedded(st, bringup ? percpu.cpuhp_done_up : percpu.cpuhp_done_down));
  return true;
}

/** The idle task of an offline CPU: reports the death, parks until it is booted again or the machine halts. */
export function cpuhp_idle_dead(k: Kernel): void {
  WRITE_ONCE(k, k.me, percpu.cpuhp_state, CPUHP_AP_IDLE_DEAD);
  k.trace.emit(EV.cpu_dead, trace_pid(k), k.actor, 0, 0, 0, 0);
  set_actor_state(k, ACTOR_STATE.offline, 0);
  complete(k, embedded(k.me, percpu.cpuhp_done_down));
  arch_cpu_idle_dead(k);
}

/** Parks. Condition: boot_word is set. Waker: bringup_cpu. A parked CPU is in an extended quiescent state. */
export function arch_cpu_idle_dead(k: Kernel): void {
  rcu_eqs_enter(k);
  k.trace.park();
  /* CPU_BOOT, acquire: pairs with the release in bringup_cpu. Without it the CPU starts from an old state. */
  while (smp_load_acquire(k, k.me, percpu.boot_word) === 0) {
    if (READ_ONCE(k, k.g, vmlinux.machine_state) === MACHINE_HALTED) break;
    futex_wait(k, k.me, percpu.boot_word, 0, Number.POSITIVE_INFINITY);
  }
  k.trace.unpark();
  rcu_eqs_exit(k);
  if (READ_ONCE(k, k.me, percpu.boot_word) !== 0 && !cpu_online(k, k.actor)) cpu_startup(k);
}

/** secondary_startup: the STARTING section on the new CPU, then cpuhp_online_idle tells the BP. */
function cpu_startup(k: Kernel): void {
  k.trace.emit(EV.cpu_boot, trace_pid(k), k.actor, 0, 0, 0, 0);
  set_actor_state(k, ACTOR_STATE.running, 0);
  let state = READ_ONCE(k, k.me, percpu.cpuhp_state);
  while (state < CPUHP_AP_ONLINE) {
    state++;
    cpuhp_invoke_callback(k, k.actor, state, true);
    WRITE_ONCE(k, k.me, percpu.cpuhp_state, state);
  }
  /*
   * Per-CPU kthreads may have been left in the queue when the CPU went. Otherwise the idle task makes a pass of its
   * loop before it comes to its first switch point, as in Linux. Who queues a task from here on sets the flag itself.
   */
  if (READ_ONCE(k, k.me, percpu.nr_running) !== 0) set_tsk_thread_flag(k, k.current, TIF_NEED_RESCHED);
  complete(k, embedded(k.me, percpu.cpuhp_done_up));
}
