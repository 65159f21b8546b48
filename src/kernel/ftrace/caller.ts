// SPDX-License-Identifier: GPL-2.0-only
/**
 * ftrace_caller: what a patched-in call site runs. The ops of a site form an RCU list; a site with livepatch alone
 * has one. Each handler may change the instruction pointer, but only the IPMODIFY owner does.
 */
import { load, rcu_dereference, store } from '../../mem/heap.js';
import { NULL, type Ptr } from '../../mem/layout.js';
import { EV } from '../../trace/events.js';
import { WARN } from '../abi/constants.js';
import { dyn_ftrace, ftrace_ops } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { klp_ftrace_handler } from '../livepatch/handler.js';
import { trace_pid } from '../sched/pid.js';
import { preempt_disable, preempt_enable } from '../sched/preempt.js';

/**
 * In a handler: a bit of preempt_count, as in_nmi is. (Linux keeps this guard in current->trace_recursion and turns
 * preemption off together with it.)
 */
const FTRACE_OFFSET = 1 << 16;

export const FTRACE_FUNC_KLP = 1;
export const FTRACE_FUNC_COUNT = 2;
/** Leaves everything as it is (ftrace_stub). */
export const FTRACE_FUNC_STUB = 3;

export function dyn_ftrace_rec(k: Kernel, func_id: number): Ptr<'dyn_ftrace'> {
  return (k.cfg.dyn_ftrace_base + func_id * dyn_ftrace.$words) as Ptr<'dyn_ftrace'>;
}

/** Returns the pc to go on at: after the site, or in the function that livepatch chose. */
export function ftrace_caller(k: Kernel, func_id: number, pc: number): number {
  const rec = dyn_ftrace_rec(k, func_id);
  const next_pc = pc + 1;
  /*
   * The trampoline itself runs with preemption off here, so that a grace period that passes through the scheduler of
   * every CPU also covers the walk of the list.
   */
  preempt_disable(k);
  let new_pc = next_pc;
  /* FTRACE_OPS, the dependency: pairs with the publication in register_ftrace_function. */
  let ops = rcu_dereference(k, rec, dyn_ftrace.ops);
  while (ops !== NULL) {
    const func = load(k, ops, ftrace_ops.func);
    if (func === FTRACE_FUNC_KLP) new_pc = klp_ftrace_handler(k, func_id, ops, new_pc);
    else if (func === FTRACE_FUNC_COUNT) store(k, ops, ftrace_ops.hits, load(k, ops, ftrace_ops.hits) + 1);
    ops = rcu_dereference(k, ops, ftrace_ops.next);
  }
  preempt_enable(k);
  return new_pc;
}

/** Disables preemption and marks this CPU as in a handler; false when it already is (recursion). */
export function ftrace_test_recursion_trylock(k: Kernel): boolean {
  if ((k.preempt_count & FTRACE_OFFSET) !== 0) {
    k.trace.emit(EV.warn, trace_pid(k), WARN.recursion, 0, 0, 0, 0);
    return false;
  }
  k.preempt_count += FTRACE_OFFSET;
  return true;
}

export function ftrace_test_recursion_unlock(k: Kernel): void {
  k.preempt_count -= FTRACE_OFFSET;
}
