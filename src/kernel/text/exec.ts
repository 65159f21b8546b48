// SPDX-License-Identifier: GPL-2.0-only
/**
 * The instruction loop of a simulated CPU: runs the text of k.current step by step, changes tasks at preemption
 * points and when a task sleeps, and returns when only the idle task is left, or at the end of the idle task's pass.
 *
 * Registers (pc, sp) live in locals while a task runs; they are saved in its task_struct before anybody else may
 * look at its stack, that is before __schedule.
 */

import { test_bit_racy } from '../../mem/bitops.js';
import { data_race, ifetch, load, READ_ONCE, store, work } from '../../mem/heap.js';
import { nth } from '../../mem/layout.js';
import { EV, OOPS } from '../../trace/events.js';
import { MACHINE_HALTED, PF_IDLE, PF_KTHREAD, TIF_NEED_RESCHED } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { percpu, task_struct, vmlinux } from '../abi/structs.js';
import { ftrace_caller } from '../ftrace/caller.js';
import type { Kernel } from '../kernel.js';
import { preempt_schedule } from '../sched/core.js';
import { trace_pid } from '../sched/pid.js';
import { choose, draw16 } from './draw.js';
import { enter_kernel, exit_to_user_mode } from './entry.js';
import {
  OP_CALL,
  OP_CALL_RND,
  OP_CHANCE,
  OP_ENTER,
  OP_EXIT,
  OP_FENTRY,
  OP_FENTRY_CALL,
  OP_IDLE_END,
  OP_JMP,
  OP_POISON,
  OP_RET,
  OP_RET_TO_USER,
  OP_SYSCALL_RND,
  OP_USER_WORK,
  OP_WORK,
  OPERAND_MASK,
} from './opcodes.js';
import { cpu_poll, throttle } from './poll.js';
import { NEXT_BLOCKED, NEXT_DEAD, step_service } from './services.js';

/** On its way to user mode already: user_pc is taken. The text of the torture stutter ends there too. */
function on_exit_path(k: Kernel, pc: number): boolean {
  const { ret_to_user, stutter_text } = k.cfg;
  return (pc >= ret_to_user && pc <= ret_to_user + 1) || (pc >= stutter_text && pc <= stutter_text + 2);
}

export function exec(k: Kernel): void {
  let t = k.current;
  let pc = load(k, t, task_struct.pc);
  let sp = load(k, t, task_struct.sp);
  let stack = load(k, t, task_struct.stack);
  const limit = k.cfg.stack_words;
  const poll_steps = k.cfg.poll_steps;
  let budget = poll_steps;
  let calls = 0;
  let sink = 0;
  for (;;) {
    if (--budget < 0) {
      budget = poll_steps;
      k.count[COUNTER.steps] = (k.count[COUNTER.steps] as number) + poll_steps;
      k.count[COUNTER.traced_calls] = (k.count[COUNTER.traced_calls] as number) + calls;
      calls = 0;
      cpu_poll(k);
      const flags = load(k, t, task_struct.flags);
      if (test_bit_racy(k, TIF_NEED_RESCHED, t, task_struct.thread_flags) && (flags & PF_IDLE) === 0) {
        if (sp === 0 && (flags & PF_KTHREAD) === 0) {
          /* User mode: the interrupt returns through the kernel's exit path, which schedules. */
          if (!on_exit_path(k, pc)) {
            store(k, t, task_struct.user_pc, pc);
            pc = k.cfg.ret_to_user + 1;
          }
        } else if (k.cfg.preempt_full || READ_ONCE(k, k.me, percpu.stop_work) !== 0) {
          store(k, t, task_struct.pc, pc);
          store(k, t, task_struct.sp, sp);
          preempt_schedule(k);
          t = k.current;
          if ((load(k, t, task_struct.flags) & PF_IDLE) !== 0) break;
          pc = load(k, t, task_struct.pc);
          sp = load(k, t, task_struct.sp);
          stack = load(k, t, task_struct.stack);
        }
      }
      if (data_race(k, k.g, vmlinux.machine_state) === MACHINE_HALTED) {
        store(k, t, task_struct.pc, pc);
        store(k, t, task_struct.sp, sp);
        break;
      }
    }
    const word = ifetch(k, pc);
    const arg = word & OPERAND_MASK;
    switch (word >>> 24) {
      case OP_FENTRY:
        calls++;
        pc++;
        break;
      case OP_FENTRY_CALL:
        calls++;
        pc = ftrace_caller(k, arg, pc);
        break;
      case OP_ENTER:
        k.trace.emit(EV.func_enter, load(k, t, task_struct.pid), arg >>> 8, arg & 0xff, pc, 0, 0);
        pc++;
        break;
      case OP_EXIT:
        k.trace.emit(EV.func_exit, load(k, t, task_struct.pid), arg >>> 8, arg & 0xff, pc, 0, 0);
        pc++;
        break;
      case OP_CALL:
        if (sp >= limit) {
          pc = oops(k, OOPS.stack_overflow, pc);
          sp = 0;
          break;
        }
        store(k, stack, nth(sp++), pc + 1);
        pc = arg;
        break;
      case OP_CALL_RND:
        throttle(k);
        store(k, stack, nth(sp++), pc + 1);
        pc = choose(k, t, arg);
        break;
      case OP_RET:
        if (sp === 0) {
          pc = oops(k, OOPS.stack_underflow, pc);
          break;
        }
        pc = load(k, stack, nth(--sp));
        break;
      case OP_WORK:
        sink = work(k, arg);
        pc++;
        break;
      case OP_USER_WORK:
        if (data_race(k, k.g, vmlinux.stutter_pause) === 0) {
          sink = work(k, arg);
          pc++;
          break;
        }
        /* Torture stutter: the task sleeps in a system call that touches no patched function. */
        store(k, t, task_struct.user_pc, pc);
        store(k, t, task_struct.pc, k.cfg.stutter_text);
        pc = k.cfg.stutter_text;
        break;
      case OP_CHANCE:
        pc += draw16(k, t) < arg >>> 8 ? 1 : 1 + (arg & 0xff);
        break;
      case OP_JMP:
        pc = arg;
        break;
      case OP_SYSCALL_RND:
        throttle(k);
        store(k, t, task_struct.user_pc, pc + 1);
        store(k, stack, nth(0), k.cfg.ret_to_user);
        sp = 1;
        pc = choose(k, t, arg);
        enter_kernel(k, pc);
        break;
      case OP_RET_TO_USER:
        sp = 0;
        store(k, t, task_struct.pc, pc);
        store(k, t, task_struct.sp, 0);
        if (exit_to_user_mode(k, arg)) {
          pc = load(k, t, task_struct.user_pc);
        } else {
          t = k.current;
          if ((load(k, t, task_struct.flags) & PF_IDLE) !== 0) {
            k.count[COUNTER.traced_calls] = (k.count[COUNTER.traced_calls] as number) + calls;
            return;
          }
          pc = load(k, t, task_struct.pc);
          sp = load(k, t, task_struct.sp);
          stack = load(k, t, task_struct.stack);
        }
        break;
      case OP_IDLE_END:
        store(k, t, task_struct.pc, k.cfg.idle_text);
        store(k, t, task_struct.sp, 0);
        k.count[COUNTER.traced_calls] = (k.count[COUNTER.traced_calls] as number) + calls;
        return;
      case OP_POISON:
        pc = oops(k, OOPS.poison, pc);
        sp = 0;
        break;
      default: {
        /* A kernel service: it may sleep, exit, fork, wake. It sees the task with its registers saved. */
        store(k, t, task_struct.pc, pc);
        store(k, t, task_struct.sp, sp);
        const next = step_service(k, word >>> 24, arg, pc);
        if (next === NEXT_DEAD || next === NEXT_BLOCKED || k.current !== t) {
          t = k.current;
          if ((load(k, t, task_struct.flags) & PF_IDLE) !== 0) {
            k.count[COUNTER.traced_calls] = (k.count[COUNTER.traced_calls] as number) + calls;
            return;
          }
          pc = load(k, t, task_struct.pc);
          sp = load(k, t, task_struct.sp);
          stack = load(k, t, task_struct.stack);
        } else {
          pc = next;
        }
      }
    }
  }
  k.count[COUNTER.traced_calls] = (k.count[COUNTER.traced_calls] as number) + calls;
  if (sink === 1) k.count[COUNTER.steps] = (k.count[COUNTER.steps] as number) + 1;
}

/**
 * The task cannot go on: reported, then it is taken out: a user task or kthread parks in an endless wait, which
 * the caller gets as its next pc; the idle task ends its pass.
 */
function oops(k: Kernel, reason: number, pc: number): number {
  k.trace.emit(EV.oops, trace_pid(k), reason, pc, 0, 0, 0);
  const flags = load(k, k.current, task_struct.flags);
  return (flags & PF_IDLE) !== 0 ? k.cfg.idle_end : k.cfg.oops_end;
}
