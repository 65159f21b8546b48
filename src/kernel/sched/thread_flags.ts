// SPDX-License-Identifier: GPL-2.0-only
/** thread_info flags of a task: the kernel's names over the bit operations of mem. */
import {
  clear_bit,
  set_bit,
  test_and_clear_bit,
  test_and_set_bit,
  test_bit,
  test_bit_racy,
} from '../../mem/bitops.js';
import { TIF_NEED_RESCHED, TIF_NOTIFY_SIGNAL, TIF_PATCH_PENDING, TIF_SIGPENDING } from '../abi/constants.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';

export function set_tsk_thread_flag(k: Kernel, p: Task, flag: number): void {
  set_bit(k, flag, p, task_struct.thread_flags);
}

export function clear_tsk_thread_flag(k: Kernel, p: Task, flag: number): void {
  clear_bit(k, flag, p, task_struct.thread_flags);
}

export function test_tsk_thread_flag(k: Kernel, p: Task, flag: number): boolean {
  return test_bit(k, flag, p, task_struct.thread_flags);
}

export function test_and_set_tsk_thread_flag(k: Kernel, p: Task, flag: number): boolean {
  return test_and_set_bit(k, flag, p, task_struct.thread_flags);
}

export function test_and_clear_tsk_thread_flag(k: Kernel, p: Task, flag: number): boolean {
  return test_and_clear_bit(k, flag, p, task_struct.thread_flags);
}

/** A hint on a fast path: whoever acts on it tests again with the order it needs. */
export function klp_patch_pending(k: Kernel, p: Task): boolean {
  return test_bit_racy(k, TIF_PATCH_PENDING, p, task_struct.thread_flags);
}

export function need_resched(k: Kernel): boolean {
  return test_bit(k, TIF_NEED_RESCHED, k.current, task_struct.thread_flags);
}

export function signal_pending(k: Kernel, p: Task): boolean {
  return test_tsk_thread_flag(k, p, TIF_SIGPENDING) || test_tsk_thread_flag(k, p, TIF_NOTIFY_SIGNAL);
}
