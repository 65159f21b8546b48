// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a simulated CPU: it lives as long as the machine. */
import { runCpu } from '../src/machine/actors.js';
import { kernelView, type MachineShared } from '../src/machine/view.js';

export default function cpu(task: { shared: MachineShared; actor: number }): void {
  runCpu(kernelView(task.shared, task.actor));
}
