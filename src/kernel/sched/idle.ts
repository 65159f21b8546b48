// SPDX-License-Identifier: GPL-2.0-only
/** The idle task (kernel/sched/idle.c): its inner loop, its switch point, and what it runs while it is idle. */

import { B } from '../../mem/barriers.js';
import {
  futex_wait,
  load,
  note,
  READ_ONCE,
  smp_load_acquire,
  smp_mb,
  smp_store_mb,
  WRITE_ONCE,
} from '../../mem/heap.js';
import { EV, SWITCH_POINT } from '../../trace/events.js';
import { ACTOR_STATE, MACHINE_HALTED, TIF_NEED_RESCHED, TIF_PATCH_PENDING } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { percpu, task_struct, vmlinux } from '../abi/structs.js';
import { cpuhp_idle_dead, run_stopped } from '../cpu/hotplug_ap.js';
import { handle_ipi } from '../cpu/ipi.js';
import { cpu_online } from '../cpu/masks.js';
import { multi_cpu_stop } from '../cpu/stop_machine.js';
import type { Kernel } from '../kernel.js';
import { klp_update_patch_state } from '../livepatch/update.js';
import { rcu_eqs_enter, rcu_eqs_exit, rcu_qs } from '../rcu/tree.js';
import { exec } from '../text/exec.js';
import { throttle } from '../text/poll.js';
import { __schedule } from './core.js';
import { trace_pid } from './pid.js';
import { set_actor_state } from './preempt.js';
import {
  klp_patch_pending,
  need_resched,
  set_tsk_thread_flag,
  test_tsk_thread_flag,
} from './thread_flags.js';
import { next_timer_ms, run_timers } from './timer.js';

/** Runs until another task has the CPU, or the machine halts. */
export function do_idle(k: Kernel): void {
  set_actor_state(k, ACTOR_STATE.idle, 0);
  while (!need_resched(k)) {
    if (READ_ONCE(k, k.g, vmlinux.machine_state) === MACHINE_HALTED) return;
    /* STOP_WORK, acquire: pairs with stop_machine_cpuslocked. Without it the stopper starts from an old state. */
    if (smp_load_acquire(k, k.me, percpu.stop_work) !== 0) {
      multi_cpu_stop(k, run_stopped);
      set_actor_state(k, ACTOR_STATE.idle, 0);
      /* The stopper had the CPU in place of whoever ran before: that task is still runnable and nobody wakes it. */
      if (cpu_online(k, k.actor)) set_tsk_thread_flag(k, k.current, TIF_NEED_RESCHED);
    }
    if (!cpu_online(k, k.actor)) {
      cpuhp_idle_dead(k);
      /* The machine halted while the CPU was parked: it stays dead. */
      if (!cpu_online(k, k.actor)) return;
      set_actor_state(k, ACTOR_STATE.idle, 0);
      continue;
    }
    cpuidle_idle_call(k);
    handle_ipi(k);
    run_timers(k);
  }
  __schedule(k, false);
  /* The switch point of the idle task: no patched function is on its stack here. */
  if (k.current === load(k, k.me, percpu.idle)) idle_switch_point(k);
}

/**
 * In Linux this stands right after schedule_idle() and so runs on the idle task when it is chosen again; here the
 * caller comes back to it then.
 */
export function idle_switch_point(k: Kernel): void {
  const idle = k.current;
  if (klp_patch_pending(k, idle)) klp_update_patch_state(k, idle);
  const state = READ_ONCE(k, idle, task_struct.patch_state);
  const pending = test_tsk_thread_flag(k, idle, TIF_PATCH_PENDING) ? 1 : 0;
  k.trace.emit(EV.switch_point, trace_pid(k), SWITCH_POINT.idle, state, pending, 0, 0);
}

/**
 * One stay in the idle state: RCU is not watching from entry to exit, also not while the functions that the idle task
 * calls run; livepatch's own grace period covers them all the same, which is why it has one.
 */
function cpuidle_idle_call(k: Kernel): void {
  rcu_qs(k);
  rcu_eqs_enter(k);
  k.count[COUNTER.idle_passes] = (k.count[COUNTER.idle_passes] as number) + 1;
  k.trace.emit(
    EV.idle_pass,
    trace_pid(k),
    k.actor,
    READ_ONCE(k, k.current, task_struct.patch_state),
    0,
    0,
    0,
  );
  throttle(k);
  if (k.cfg.idle_text !== 0) exec(k);
  halt(k);
  rcu_eqs_exit(k);
}

/** Sleeps until an IPI or the next timer. */
function halt(k: Kernel): void {
  /*
   * IDLE_POLL: the halted mark before the last look at the IPI word. Pairs with IPI_SEND. Without it the sender sees
   * no mark, we see no request, and the CPU sleeps on.
   */
  smp_store_mb(k, k.me, percpu.halted, 1);
  smp_mb(k, B.IDLE_POLL);
  const ms = next_timer_ms(k, k.cfg.watch_ms);
  note(k, k.me, percpu.heartbeat, load(k, k.me, percpu.heartbeat) + 1);
  const since = k.clock.now_ns();
  k.trace.park();
  /*
   * Condition: the IPI word is not 0. Waker: send_ipi. A request may have been taken already (by a poll in the pass
   * of the idle task, or it needed no IPI, being from this CPU): its flags are looked at as well.
   */
  const idle =
    READ_ONCE(k, k.me, percpu.ipi) === 0 &&
    !need_resched(k) &&
    READ_ONCE(k, k.me, percpu.stop_work) === 0 &&
    READ_ONCE(k, k.g, vmlinux.machine_state) !== MACHINE_HALTED;
  if (idle) futex_wait(k, k.me, percpu.ipi, 0, ms);
  k.trace.unpark();
  k.count[COUNTER.halt_ns] = (k.count[COUNTER.halt_ns] as number) + (k.clock.now_ns() - since);
  WRITE_ONCE(k, k.me, percpu.halted, 0);
}
