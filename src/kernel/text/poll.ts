// SPDX-License-Identifier: GPL-2.0-only
/** What a CPU does between steps of text, every k.cfg.poll_steps of them: interrupts, the tick, and room in the trace. */
import { data_race, futex_wait, load, note, READ_ONCE, store } from '../../mem/heap.js';
import { ACTOR_STATE, MACHINE_HALTED, PF_IDLE, TIF_NEED_RESCHED } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { percpu, task_struct, vmlinux } from '../abi/structs.js';
import { handle_ipi } from '../cpu/ipi.js';
import type { Kernel } from '../kernel.js';
import { set_actor_state } from '../sched/preempt.js';
import { set_tsk_thread_flag } from '../sched/thread_flags.js';
import { run_timers } from '../sched/timer.js';

/** Polls between two ticks. */
const POLLS_PER_TICK = 16;

/** The interrupt check between steps; every so often the tick: timers, heartbeat, slice. */
export function cpu_poll(k: Kernel): void {
  if (data_race(k, k.me, percpu.ipi) !== 0) handle_ipi(k);
  const p = k.current;
  const idle = (load(k, p, task_struct.flags) & PF_IDLE) !== 0;
  const beat = load(k, k.me, percpu.heartbeat) + 1;
  note(k, k.me, percpu.heartbeat, beat);
  if (beat % POLLS_PER_TICK === 0) {
    /* The idle task looks at its timers itself, where RCU is watching. */
    if (!idle) run_timers(k);
    k.trace.flush();
  }
  const left = load(k, p, task_struct.slice) - k.cfg.poll_steps;
  store(k, p, task_struct.slice, left);
  if (left < 0 && data_race(k, k.me, percpu.nr_running) > 1) set_tsk_thread_flag(k, p, TIF_NEED_RESCHED);
}

/** Records that must fit in the trace ring before a task enters the kernel or an idle pass begins. */
const TRACE_RESERVE = 2048;

/**
 * Holds the CPU while its trace ring is nearly full, at points where it holds nothing: so the oracles keep up and
 * no record is dropped. Condition: room in the ring. Waker: none, the reader frees it; IPIs are answered meanwhile.
 */
export function throttle(k: Kernel): void {
  if (k.trace.roomy(TRACE_RESERVE)) return;
  const since = k.clock.now_ns();
  k.count[COUNTER.throttles] = (k.count[COUNTER.throttles] as number) + 1;
  set_actor_state(k, ACTOR_STATE.trace_throttle, 0);
  while (!k.trace.roomy(TRACE_RESERVE) && READ_ONCE(k, k.g, vmlinux.machine_state) < MACHINE_HALTED) {
    k.trace.flush();
    handle_ipi(k);
    if (READ_ONCE(k, k.me, percpu.stop_work) !== 0) break;
    note(k, k.me, percpu.heartbeat, load(k, k.me, percpu.heartbeat) + 1);
    futex_wait(k, k.me, percpu.ipi, 0, 0.2);
  }
  set_actor_state(k, ACTOR_STATE.running, 0);
  k.count[COUNTER.throttle_ns] = (k.count[COUNTER.throttle_ns] as number) + (k.clock.now_ns() - since);
}

/**
 * The same for a control path in a long walk. It may hold a lock meanwhile, so it only pauses while the reader is far
 * behind.
 */
export function trace_throttle(k: Kernel): void {
  if (k.trace.roomy(TRACE_RESERVE)) return;
  const before = load(k, k.me, percpu.state);
  set_actor_state(k, ACTOR_STATE.trace_throttle, 0);
  while (!k.trace.roomy(TRACE_RESERVE) && READ_ONCE(k, k.g, vmlinux.machine_state) < MACHINE_HALTED) {
    k.trace.flush();
    note(k, k.me, percpu.heartbeat, load(k, k.me, percpu.heartbeat) + 1);
    futex_wait(k, k.me, percpu.ipi, 0, 0.2);
  }
  set_actor_state(k, before, 0);
}
