// SPDX-License-Identifier: GPL-2.0-only
/** Preemption and the waits of an actor. */
import { futex_wait, load, note, READ_ONCE, spin_hint } from '../../mem/heap.js';
import { percpu } from '../abi/structs.js';
import { handle_ipi } from '../cpu/ipi.js';
import { jiffies, type Kernel } from '../kernel.js';
import { rcu_qs } from '../rcu/tree.js';

export function preempt_disable(k: Kernel): void {
  k.preempt_count++;
}

export function preempt_enable(k: Kernel): void {
  k.preempt_count--;
}

export function preemptible(k: Kernel): boolean {
  return k.preempt_count === 0;
}

/** Looks before the host's core is given away: about two microseconds. */
const SPIN_LIMIT = 100;
/** Length of such a pause, ms: the least that Atomics.wait can do. */
const PAUSE_MS = 0.05;

/**
 * One turn of a waiting loop. A CPU answers its IPIs here: a CPU that waits without answering deadlocks against
 * whoever waits for its answer. After a while the host's core is given away, as a paravirtualised guest does,
 * since there may be more simulated CPUs than real ones; an IPI ends that pause.
 */
export function cpu_relax(k: Kernel): void {
  k.spins++;
  const pending = READ_ONCE(k, k.me, percpu.ipi);
  if (pending !== 0 && k.is_cpu) handle_ipi(k);
  if (preemptible(k)) rcu_qs(k);
  if (spin_hint(k) || k.spins < SPIN_LIMIT) return;
  k.spins = 0;
  k.trace.flush();
  note(k, k.me, percpu.heartbeat, load(k, k.me, percpu.heartbeat) + 1);
  /* Not a wait for a condition but a pause of bounded length: the caller's loop re-checks. */
  /* With interrupts off a request stays pending: the pause must not end at once for it. */
  const masked = load(k, k.me, percpu.irq_count) !== 0;
  futex_wait(k, k.me, percpu.ipi, masked ? READ_ONCE(k, k.me, percpu.ipi) : 0, PAUSE_MS);
}

/** Publishes what this actor does or is about to wait for (ACTOR_STATE) and on which object. */
export function set_actor_state(k: Kernel, state: number, obj: number): void {
  note(k, k.me, percpu.state_obj, obj);
  note(k, k.me, percpu.state_since_ms, jiffies(k));
  note(k, k.me, percpu.state, state);
}
