// SPDX-License-Identifier: GPL-2.0-only
/**
 * Inter-processor interrupts. Each CPU has a word of pending requests; it looks at it between steps of text, in
 * every waiting loop, and before and after halting.
 */
import {
  fetch_or,
  futex_wake,
  load,
  READ_ONCE,
  smp_store_release,
  WRITE_ONCE,
  xchg,
} from '../../mem/heap.js';
import { ACTOR_STATE, IPI_CALL_FUNC, IPI_STOP_WORK, TIF_NEED_RESCHED } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { percpu } from '../abi/structs.js';
import { type Kernel, per_cpu } from '../kernel.js';
import { cpu_relax, set_actor_state } from '../sched/preempt.js';
import { set_tsk_thread_flag } from '../sched/thread_flags.js';
import { cpu_online } from './masks.js';

/**
 * Asks `cpu` for attention. IPI_SEND: the request (a full RMW) stands before the look at the halted mark; pairs with
 * IDLE_POLL in the idle loop, which sets the mark and then looks for requests. Without that the CPU could sleep
 * with a request pending.
 */
export function send_ipi(k: Kernel, cpu: number, ipi: number): void {
  const target = per_cpu(k, cpu);
  fetch_or(k, target, percpu.ipi, 1 << ipi);
  if (READ_ONCE(k, target, percpu.halted) !== 0) futex_wake(k, target, percpu.ipi, 1);
}

/** Takes and serves all pending requests. Not while interrupts are off (stop_machine). */
export function handle_ipi(k: Kernel): void {
  if (load(k, k.me, percpu.irq_count) !== 0) return;
  const pending = xchg(k, k.me, percpu.ipi, 0);
  if (pending === 0) return;
  k.count[COUNTER.ipis] = (k.count[COUNTER.ipis] as number) + 1;
  /* IPI_RESCHEDULE needs no more than the look at the flags that follows every interrupt. */
  if ((pending & (1 << IPI_STOP_WORK)) !== 0) set_tsk_thread_flag(k, k.current, TIF_NEED_RESCHED);
  /* A call is acknowledged: release, so that the caller's wait sees all this CPU did before. */
  if ((pending & (1 << IPI_CALL_FUNC)) !== 0) {
    smp_store_release(k, k.me, percpu.call_done, READ_ONCE(k, k.me, percpu.call_arg));
  }
}

export function local_irq_disable(k: Kernel): void {
  WRITE_ONCE(k, k.me, percpu.irq_count, load(k, k.me, percpu.irq_count) + 1);
}

export function local_irq_enable(k: Kernel): void {
  WRITE_ONCE(k, k.me, percpu.irq_count, load(k, k.me, percpu.irq_count) - 1);
}

/**
 * Makes every online CPU pass through its interrupt handler once, and waits for it: what text_poke needs before
 * changed text counts as seen (on_each_cpu(do_sync_core)). Only a control path calls it, one at a time (text_mutex).
 * A CPU that goes offline meanwhile is not waited for: it executes nothing.
 */
export function smp_call_function_sync(k: Kernel, ticket: number): void {
  let asked = 0;
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_online(k, cpu)) continue;
    asked |= 1 << cpu;
    WRITE_ONCE(k, per_cpu(k, cpu), percpu.call_arg, ticket);
    send_ipi(k, cpu, IPI_CALL_FUNC);
  }
  set_actor_state(k, ACTOR_STATE.ipi_ack, 0);
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (((asked >>> cpu) & 1) === 0) continue;
    /* Condition: the CPU acknowledged this ticket, or went away. Waker: none, handle_ipi is polled for. */
    while (cpu_online(k, cpu) && READ_ONCE(k, per_cpu(k, cpu), percpu.call_done) !== ticket) cpu_relax(k);
  }
  set_actor_state(k, ACTOR_STATE.running, 0);
}
