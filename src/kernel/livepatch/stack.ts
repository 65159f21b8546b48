// SPDX-License-Identifier: GPL-2.0-only
/** The stack check (kernel/livepatch/transition.c): may this task change sides where it stands? */
import { load, READ_ONCE, store } from '../../mem/heap.js';
import { container_of, element, embedded, nth, type Ptr } from '../../mem/layout.js';
import { list_is_singular, list_next } from '../../mem/list.js';
import { KLP_UNPATCHED } from '../abi/constants.js';
import {
  klp_func,
  klp_object,
  klp_ops,
  klp_patch,
  MAX_STACK_ENTRIES,
  percpu,
  task_struct,
  vmlinux,
} from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { draw16 } from '../text/draw.js';
import { klp_find_ops } from './patch.js';

/** Results of klp_check_stack that are no function id. */
export const STACK_CLEAR = -1;
export const STACK_UNRELIABLE = -2;

/**
 * Copies the text addresses on the stack of a task that does not run, innermost first, to this actor's entries. A
 * task's registers are saved whenever it is not running, so its pc is the first of them. Returns how many, or -1
 * when the stack cannot be trusted.
 */
function stack_trace_save_tsk_reliable(k: Kernel, task: Task): number {
  const sp = load(k, task, task_struct.sp);
  if (sp + 1 > MAX_STACK_ENTRIES) return -1;
  if (k.cfg.unreliable_permille > 0 && (draw16(k, k.current) * 1000) >>> 16 < k.cfg.unreliable_permille)
    return -1;
  const stack = load(k, task, task_struct.stack);
  store(k, k.me, percpu.klp_stack_entries, load(k, task, task_struct.pc));
  for (let i = 0; i < sp; i++) {
    store(k, k.me, element(percpu.klp_stack_entries, i + 1), load(k, stack, nth(sp - 1 - i)));
  }
  return sp + 1;
}

/** Is the version of `func` that the task would leave on its stack? */
function klp_check_stack_func(k: Kernel, func: Ptr<'klp_func'>, nr: number): boolean {
  let func_addr: number;
  let func_size: number;
  if (READ_ONCE(k, k.g, vmlinux.klp_target_state) === KLP_UNPATCHED) {
    /* The new function is about to go. */
    func_addr = load(k, func, klp_func.new_func);
    func_size = load(k, func, klp_func.new_size);
  } else {
    /* What the new function replaces: the original, or the version below it on the stack. */
    const ops = klp_find_ops(k, load(k, func, klp_func.old_func));
    const stack = embedded(ops, klp_ops.func_stack);
    if (list_is_singular(k, stack)) {
      func_addr = load(k, func, klp_func.old_func);
      func_size = load(k, func, klp_func.old_size);
    } else {
      const prev = container_of(list_next(k, embedded(func, klp_func.stack_node)), klp_func.stack_node);
      func_addr = load(k, prev, klp_func.new_func);
      func_size = load(k, prev, klp_func.new_size);
    }
  }
  for (let i = 0; i < nr; i++) {
    const address = load(k, k.me, element(percpu.klp_stack_entries, i));
    if (address >= func_addr && address < func_addr + func_size) return true;
  }
  return false;
}

/** STACK_CLEAR, STACK_UNRELIABLE, or the id of the first function of the patch that is on the stack. */
export function klp_check_stack(k: Kernel, task: Task): number {
  const nr = stack_trace_save_tsk_reliable(k, task);
  if (nr < 0) return STACK_UNRELIABLE;
  const objs = embedded(load(k, k.g, vmlinux.klp_transition_patch), klp_patch.objs);
  for (let o = list_next(k, objs); o !== objs; o = list_next(k, o)) {
    const obj = container_of(o, klp_object.node);
    if (READ_ONCE(k, obj, klp_object.patched) === 0) continue;
    const funcs = embedded(obj, klp_object.funcs);
    for (let f = list_next(k, funcs); f !== funcs; f = list_next(k, f)) {
      const func = container_of(f, klp_func.node);
      if (klp_check_stack_func(k, func, nr)) return load(k, func, klp_func.func_id);
    }
  }
  return STACK_CLEAR;
}
