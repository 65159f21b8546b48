// SPDX-License-Identifier: GPL-2.0-only
/** Steps of text that ask the kernel for something. Each returns the next pc, or that the task has left its CPU. */
import { load, READ_ONCE, store } from '../../mem/heap.js';
import { element_of, embedded } from '../../mem/layout.js';
import { EV, OOPS, SWITCH_POINT } from '../../trace/events.js';
import {
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  TIF_NOTIFY_SIGNAL,
  TIF_PATCH_PENDING,
} from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { NR_WAIT_CHANNELS, percpu, task_struct, vmlinux, wait_queue_head } from '../abi/structs.js';
import { cpuhp_thread_fun } from '../cpu/hotplug_ap.js';
import type { Kernel } from '../kernel.js';
import { __klp_sched_try_switch, klp_update_patch_state } from '../livepatch/update.js';
import { finish_wait, prepare_to_wait, wake_up } from '../locking/wait.js';
import { __schedule, preempt_schedule } from '../sched/core.js';
import { do_exit } from '../sched/exit.js';
import { copy_process } from '../sched/fork.js';
import { trace_pid } from '../sched/pid.js';
import {
  clear_tsk_thread_flag,
  klp_patch_pending,
  need_resched,
  test_tsk_thread_flag,
} from '../sched/thread_flags.js';
import { add_timer, del_timer } from '../sched/timer.js';
import { set_current_state } from '../sched/wait_task.js';
import { process_one_work, worklist_empty } from '../sched/workqueue.js';
import {
  OP_COND_RESCHED,
  OP_CPUHP,
  OP_EXIT_TASK,
  OP_FORK,
  OP_KTHREAD_POINT,
  OP_LIFE,
  OP_SLEEP,
  OP_SLEEP_D,
  OP_SLEEP_END,
  OP_WAIT,
  OP_WAIT_END,
  OP_WAKE,
  OP_WORKER,
  SLEEP_FOREVER,
} from './opcodes.js';
import { throttle } from './poll.js';

/** The task sleeps or was preempted: k.current is another. */
export const NEXT_BLOCKED = -1;
/** The task is gone. */
export const NEXT_DEAD = -2;

/** Wakes one sleeper of a wait channel of the workload. */
export function wake_channel(k: Kernel, nr: number): void {
  wake_up(k, wait_channel(k, nr), 1, 0, _THIS_IP_.wait_channel_wake);
}

function wait_channel(k: Kernel, nr: number) {
  return element_of(k.g, vmlinux.wait_channels, wait_queue_head, nr % NR_WAIT_CHANNELS);
}

/** Gives the CPU away; on return the task may be another one, or the same if a wake-up came first. */
function sleep_from(k: Kernel, resume: number): number {
  const p = k.current;
  store(k, p, task_struct.pc, resume);
  __schedule(k, false);
  return k.current === p ? resume : NEXT_BLOCKED;
}

export function step_service(k: Kernel, op: number, arg: number, pc: number): number {
  const p = k.current;
  switch (op) {
    case OP_SLEEP:
    case OP_SLEEP_D: {
      /* State first, then the timer: one that expires at once finds the task asleep and wakes it. */
      set_current_state(k, op === OP_SLEEP ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE);
      if (arg !== SLEEP_FOREVER) add_timer(k, p, arg);
      return sleep_from(k, pc + 1);
    }
    case OP_SLEEP_END:
      del_timer(k, p);
      return pc + 1;
    case OP_WAIT: {
      const wq = wait_channel(k, arg);
      prepare_to_wait(
        k,
        wq,
        embedded(p, task_struct.wait_entry),
        TASK_INTERRUPTIBLE,
        _THIS_IP_.wait_channel_sleep,
      );
      return sleep_from(k, pc + 1);
    }
    case OP_WAIT_END:
      finish_wait(k, wait_channel(k, arg), embedded(p, task_struct.wait_entry), _THIS_IP_.wait_channel_sleep);
      return pc + 1;
    case OP_WAKE:
      wake_channel(k, arg);
      return pc + 1;
    case OP_COND_RESCHED:
      return cond_resched(k, pc);
    case OP_FORK:
      copy_process(k, arg);
      return pc + 1;
    case OP_LIFE: {
      const life = load(k, p, task_struct.life);
      if (life === 0) return pc + 2;
      store(k, p, task_struct.life, life - 1);
      return life === 1 ? pc + 1 : pc + 2;
    }
    case OP_EXIT_TASK:
      do_exit(k);
      __schedule(k, false);
      return NEXT_DEAD;
    case OP_KTHREAD_POINT:
      return kthread_point(k, arg, pc);
    case OP_WORKER:
      return worker_thread(k, pc);
    case OP_CPUHP:
      return cpuhp_thread(k, pc);
    default:
      k.trace.emit(EV.oops, trace_pid(k), OOPS.bad_opcode, pc, op, 0, 0);
      return k.cfg.oops_end;
  }
}

/** A voluntary preemption point; in 6.3 and later also a place where livepatch may switch the task. */
function cond_resched(k: Kernel, pc: number): number {
  const p = k.current;
  if (k.protocol.cond_resched_switch && klp_patch_pending(k, p)) {
    __klp_sched_try_switch(k);
    trace_switch_point(k, SWITCH_POINT.cond_resched);
  }
  if (!need_resched(k)) return pc + 1;
  store(k, p, task_struct.pc, pc + 1);
  preempt_schedule(k);
  return k.current === p ? pc + 1 : NEXT_BLOCKED;
}

function trace_switch_point(k: Kernel, kind: number): void {
  const p = k.current;
  const pending = test_tsk_thread_flag(k, p, TIF_PATCH_PENDING) ? 1 : 0;
  k.trace.emit(EV.switch_point, trace_pid(k), kind, READ_ONCE(k, p, task_struct.patch_state), pending, 0, 0);
}

/** Between two passes of a kthread's loop. arg 1: it has a switch point here, with nothing patched on its stack. */
function kthread_point(k: Kernel, arg: number, pc: number): number {
  const p = k.current;
  throttle(k);
  clear_tsk_thread_flag(k, p, TIF_NOTIFY_SIGNAL);
  if (arg === 1) kthread_switch_point(k);
  if (!need_resched(k)) return pc + 1;
  store(k, p, task_struct.pc, pc + 1);
  preempt_schedule(k);
  return k.current === p ? pc + 1 : NEXT_BLOCKED;
}

/**
 * klp_update_patch_state in the loop of a kthread: nothing that can be patched is on its stack here. Without reliable
 * stacks it is the only way for a kthread to switch.
 */
function kthread_switch_point(k: Kernel): void {
  if (klp_patch_pending(k, k.current)) klp_update_patch_state(k, k.current);
  trace_switch_point(k, SWITCH_POINT.kthread);
}

/**
 * kworker/N. The state is set before the last look at the list: an item queued after that look finds the task
 * asleep and wakes it, one queued before is seen.
 */
function worker_thread(k: Kernel, pc: number): number {
  kthread_switch_point(k);
  if (process_one_work(k)) return pc;
  set_current_state(k, TASK_INTERRUPTIBLE);
  if (!worklist_empty(k)) {
    set_current_state(k, TASK_RUNNING);
    return pc;
  }
  clear_tsk_thread_flag(k, k.current, TIF_NOTIFY_SIGNAL);
  return sleep_from(k, pc);
}

/** cpuhp/N, in the same way. */
function cpuhp_thread(k: Kernel, pc: number): number {
  kthread_switch_point(k);
  if (cpuhp_thread_fun(k)) return pc;
  set_current_state(k, TASK_INTERRUPTIBLE);
  if (READ_ONCE(k, k.me, percpu.cpuhp_should_run) !== 0) {
    set_current_state(k, TASK_RUNNING);
    return pc;
  }
  clear_tsk_thread_flag(k, k.current, TIF_NOTIFY_SIGNAL);
  return sleep_from(k, pc);
}
