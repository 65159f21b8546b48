// SPDX-License-Identifier: GPL-2.0-only
/** Pauses of control paths: interrupted when the machine winds down. */

import { ACTOR_STATE, MACHINE_RUNNING, TASK_INTERRUPTIBLE } from '../../kernel/abi/constants.js';
import { vmlinux } from '../../kernel/abi/structs.js';
import type { Kernel } from '../../kernel/kernel.js';
import { set_actor_state } from '../../kernel/sched/preempt.js';
import { schedule_timeout, set_current_state } from '../../kernel/sched/wait_task.js';
import { READ_ONCE } from '../../mem/heap.js';

export function running(k: Kernel): boolean {
  return READ_ONCE(k, k.g, vmlinux.machine_state) === MACHINE_RUNNING;
}

/** Longest sleep without a look at the machine's state, ms. */
const SLICE_MS = 20;

/** Sleeps `ms`, or until the machine stops running. */
export function pause(k: Kernel, ms: number): void {
  set_actor_state(k, ACTOR_STATE.pause, 0);
  const end = k.clock.now_ns() + ms * 1e6;
  while (running(k)) {
    const left = (end - k.clock.now_ns()) / 1e6;
    if (left <= 0) break;
    set_current_state(k, TASK_INTERRUPTIBLE);
    schedule_timeout(k, Math.min(left, SLICE_MS));
  }
  set_actor_state(k, ACTOR_STATE.running, 0);
}

/** One short sleep whatever the machine's state. */
export function nap(k: Kernel, ms: number): void {
  set_current_state(k, TASK_INTERRUPTIBLE);
  schedule_timeout(k, ms);
}
