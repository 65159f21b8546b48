// SPDX-License-Identifier: GPL-2.0-only
/** A machine that has booted and whose CPUs have not been let go: its heap can be read at leisure. */
import { percpu, task_struct, vmlinux } from '#src/kernel/abi/structs.js';
import { type Kernel, per_cpu, type Task } from '#src/kernel/kernel.js';
import { bootMachine } from '#src/machine/boot.js';
import { type Plan, planMachine } from '#src/machine/plan.js';
import { controlActor, createShared, kernelView, type MachineShared } from '#src/machine/view.js';
import { load } from '#src/mem/heap.js';
import { container_of, embedded, type Field, type Ptr } from '#src/mem/layout.js';
import { type ListHead, list_next } from '#src/mem/list.js';
import type { Scenario } from '#src/scenario/types.js';

export interface Booted {
  readonly k: Kernel;
  readonly plan: Plan;
  readonly shared: MachineShared;
}

export function bootedMachine(scenario: Scenario): Booted {
  const plan = planMachine(scenario);
  const shared = createShared(scenario, plan, { trace: 'all', lockStat: false });
  const k = kernelView(shared, controlActor(plan, 'boot'));
  k.trace.unpark();
  bootMachine(k, shared);
  k.trace.park();
  return { k, plan, shared };
}

/** The structs on a list, in order. `most`: more than so many is a list that does not come back to its head. */
function onList<S extends string>(
  k: Kernel,
  head: ListHead,
  member: Field<S, ListHead>,
  most: number,
): Ptr<S>[] {
  const found: Ptr<S>[] = [];
  for (let n = list_next(k, head); n !== head; n = list_next(k, n)) {
    found.push(container_of(n, member));
    if (found.length > most) throw new Error('the list does not come back to its head');
  }
  return found;
}

/** `most`: see onList. */
export function tasksOf({ k }: Booted, most = 10_000): Task[] {
  return onList(k, embedded(k.g, vmlinux.init_tasks), task_struct.tasks, most);
}

/** Tasks in the run queue of a CPU. */
export function queueOf({ k }: Booted, cpu: number): Task[] {
  return onList(k, embedded(per_cpu(k, cpu), percpu.queue), task_struct.run_list, 10_000);
}

export function idleOf({ k }: Booted, cpu: number): Task {
  return load(k, per_cpu(k, cpu), percpu.idle);
}
