// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a control path: livepatch, kworker, hotplug, third, rcu. */
import { runControl } from '../src/engine/threads/actors.js';
import type { ControlRole } from '../src/kernel/abi/actors.js';
import type { MachineShared } from '../src/machine/view.js';

export default function control(task: { shared: MachineShared; role: ControlRole }): void {
  runControl(task.shared, task.role);
}
