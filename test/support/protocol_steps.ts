// SPDX-License-Identifier: GPL-2.0-only
/**
 * The steps of a protocol, called by hand on a machine that has booted and whose CPUs have not been let go: three
 * possible CPUs, the last one offline.
 */
import { KLP_PATCHED, TIF_PATCH_PENDING } from '#src/kernel/abi/constants.js';
import { task_struct, vmlinux } from '#src/kernel/abi/structs.js';
import type { Kernel, Task } from '#src/kernel/kernel.js';
import { idle_task } from '#src/kernel/sched/rq.js';
import { set_tsk_thread_flag, test_tsk_thread_flag } from '#src/kernel/sched/thread_flags.js';
import { controlActor, kernelView } from '#src/machine/view.js';
import { READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { bootedMachine } from './booted_machine.js';
import { tinyScenario } from './tiny_scenario.js';

/** The CPU that is offline. */
export const OFFLINE = 2;

export interface Side {
  readonly state: number;
  readonly pending: boolean;
}

/** The livepatch control path of the machine; a transition to PATCHED has its target set and nothing else. */
export function beforeInit(protocol: string): Kernel {
  const { shared, plan } = bootedMachine(tinyScenario({ machine: { cpus: 3, online: 2, protocol } }));
  const k = kernelView(shared, controlActor(plan, 'livepatch'));
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_PATCHED);
  return k;
}

export function sideOfTask(k: Kernel, p: Task): Side {
  return {
    state: READ_ONCE(k, p, task_struct.patch_state),
    pending: test_tsk_thread_flag(k, p, TIF_PATCH_PENDING),
  };
}

export function idleSide(k: Kernel, cpu: number): Side {
  return sideOfTask(k, idle_task(k, cpu));
}

/** As if the task had been in `state` before, flag and all. */
export function putOnSide(k: Kernel, p: Task, side: Side): void {
  WRITE_ONCE(k, p, task_struct.patch_state, side.state);
  WRITE_ONCE(k, p, task_struct.thread_flags, 0);
  if (side.pending) set_tsk_thread_flag(k, p, TIF_PATCH_PENDING);
}
