// SPDX-License-Identifier: GPL-2.0-only
/** The ftrace handler of livepatch (kernel/livepatch/patch.c): which version of a function the caller gets. */
import { B } from '../../mem/barriers.js';
import { load, READ_ONCE, smp_rmb } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import { list_first_or_null_rcu, list_next_rcu } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import { KLP_UNDEFINED, KLP_UNPATCHED, WARN } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { klp_func, klp_ops, klp_patch, task_struct } from '../abi/structs.js';
import { ftrace_test_recursion_trylock, ftrace_test_recursion_unlock } from '../ftrace/caller.js';
import type { FtraceOps } from '../ftrace/ftrace.js';
import type { Kernel } from '../kernel.js';
import { trace_pid } from '../sched/pid.js';
import { preemptible } from '../sched/preempt.js';
import { preempt_schedule_irq } from '../sched/workqueue.js';

/* Constants of this file are compiled in; what is imported is read from its module at every use. */
const { fops, func_stack } = klp_ops;
const { stack_node, transition, nop, new_func } = klp_func;
const { patch_state } = task_struct;
const { handler_settled, handler_transition } = COUNTER;
const { KLP_R_FUNC, KLP_R_STATE } = B;
const UNDEFINED = KLP_UNDEFINED;
const UNPATCHED = KLP_UNPATCHED;
const NONE = NULL;

/** What klp_handler events carry when patch_state was not looked at. */
const STATE_NOT_READ = -2;

/** Returns the pc to go on at: `pc` for the original function, or the start of a new version. */
export function klp_ftrace_handler(k: Kernel, func_id: number, ftrace: FtraceOps, pc: number): number {
  const ops = container_of(ftrace, fops);
  /*
   * Preemption stays off from here to the unlock, so that klp_synchronize_transition, which waits for the scheduler
   * of every CPU, waits for this handler too, also where RCU is not watching.
   */
  if (!ftrace_test_recursion_trylock(k)) return pc;
  const stack = embedded(ops, func_stack);
  const first = list_first_or_null_rcu(k, stack);
  if (first === NONE) {
    warn(k, WARN.handler_no_func, func_id);
    ftrace_test_recursion_unlock(k);
    return pc;
  }
  let func: Ptr<'klp_func'> = container_of(first, stack_node);
  /*
   * KLP_R_FUNC: the read of func_stack before that of func->transition. Pairs with KLP_W_ENABLE. Without it a new
   * function would be used before its task has switched. (The address dependency, KLP_DEREF, orders the two as well.)
   */
  smp_rmb(k, KLP_R_FUNC);
  if (preemptible(k)) preempt_schedule_irq(k);
  const in_transition = READ_ONCE(k, func, transition);
  const counter = in_transition === 0 ? handler_settled : handler_transition;
  k.count[counter] = (k.count[counter] as number) + 1;
  let state = STATE_NOT_READ;
  if (in_transition !== 0) {
    /*
     * KLP_R_STATE: the read of func->transition before that of patch_state. Pairs with KLP_W_INIT. Without it a
     * stale state chooses the wrong function.
     */
    smp_rmb(k, KLP_R_STATE);
    if (preemptible(k)) preempt_schedule_irq(k);
    state = READ_ONCE(k, k.current, patch_state);
    if (state === UNPATCHED) {
      /* The version below on the stack; at its end, the original function. */
      const next = list_next_rcu(k, first);
      func = next === stack ? NONE : container_of(next, stack_node);
    } else if (state === UNDEFINED) {
      warn(k, WARN.handler_undefined, func_id);
    }
  }
  let new_pc = pc;
  if (preemptible(k)) preempt_schedule_irq(k);
  /* A nop stands for the original; jumping to it would come back here for ever. */
  if (func !== NONE && load(k, func, nop) === 0) new_pc = load(k, func, new_func);
  if (k.trace.on) trace_choice(k, func_id, in_transition, state, func);
  ftrace_test_recursion_unlock(k);
  return new_pc;
}

function warn(k: Kernel, site: number, func_id: number): void {
  k.trace.emit(EV.warn, trace_pid(k), site, func_id, 0, 0, 0);
}

/** `func` NULL: the original. */
function trace_choice(
  k: Kernel,
  func_id: number,
  transition: number,
  state: number,
  func: Ptr<'klp_func'>,
): void {
  let version = 0;
  if (func !== NULL && load(k, func, klp_func.nop) === 0) {
    version = load(k, load(k, func, klp_func.patch), klp_patch.id) + 1;
  }
  k.trace.emit(EV.klp_handler, trace_pid(k), func_id, version, transition, state, func);
}
