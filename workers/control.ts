// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a control path: livepatch, kworker, hotplug, third, rcu. */
import type { ControlRole } from '../src/kernel/abi/actors.js';
import { runControl } from '../src/machine/actors.js';
import { controlActor, kernelView, type MachineShared } from '../src/machine/view.js';

export default function control(task: { shared: MachineShared; role: ControlRole }): void {
  const { shared, role } = task;
  runControl(kernelView(shared, controlActor(shared.plan, role)), shared, role);
}
