// SPDX-License-Identifier: GPL-2.0-only
/**
 * Task states and the sleep of control paths. A CPU never sleeps here: a task that sleeps gives its CPU away in
 * __schedule; a control path has a thread of its own and sleeps on the word of its state.
 */
import { futex_wait, READ_ONCE, smp_store_mb, WRITE_ONCE } from '../../mem/heap.js';
import { SimulatorBug } from '../../util/fault.js';
import { TASK_RUNNING } from '../abi/constants.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { schedule_debug } from '../locking/lockdep.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '../rcu/tree.js';

/**
 * SET_STATE: the state before the condition that the sleeper tests next. Pairs with TTWU_STATE in try_to_wake_up.
 * Without it: lost wake-up.
 */
export function set_current_state(k: Kernel, state: number): void {
  smp_store_mb(k, k.current, task_struct.__state, state);
}

export function __set_current_state(k: Kernel, state: number): void {
  WRITE_ONCE(k, k.current, task_struct.__state, state);
}

/**
 * Sleeps until woken or for `timeout_ms`; returns with TASK_RUNNING. Condition: __state is TASK_RUNNING. Waker:
 * try_to_wake_up. A sleeping control path is in an extended quiescent state.
 */
export function schedule_timeout(k: Kernel, timeout_ms: number): void {
  if (k.is_cpu) throw new SimulatorBug('schedule_timeout on a CPU: only control paths block');
  schedule_debug(k, 'schedule');
  const start = k.clock.now_ns();
  rcu_eqs_enter(k);
  k.trace.park();
  for (;;) {
    const state = READ_ONCE(k, k.current, task_struct.__state);
    if (state === TASK_RUNNING) break;
    const left =
      timeout_ms === Number.POSITIVE_INFINITY ? timeout_ms : timeout_ms - (k.clock.now_ns() - start) / 1e6;
    if (left <= 0) break;
    futex_wait(k, k.current, task_struct.__state, state, left);
  }
  k.trace.unpark();
  rcu_eqs_exit(k);
  WRITE_ONCE(k, k.current, task_struct.__state, TASK_RUNNING);
}

export function schedule(k: Kernel): void {
  schedule_timeout(k, Number.POSITIVE_INFINITY);
}
