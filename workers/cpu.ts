// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a simulated CPU: it lives as long as the machine. */

import { loadActors } from '../src/engine/threads/patched_actors.js';
import * as actors from '../src/machine/actors.js';
import * as view from '../src/machine/view.js';

interface Task {
  readonly shared: view.MachineShared;
  readonly actor: number;
  /** Of a changed kernel; null: the ordinary one. */
  readonly tree: string | null;
}

export default function cpu(task: Task): void | Promise<void> {
  if (task.tree === null) actors.runCpu(view.kernelView(task.shared, task.actor));
  else return loadActors(task.tree).then((m) => m.actors.runCpu(m.view.kernelView(task.shared, task.actor)));
}
