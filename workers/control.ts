// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a control path: livepatch, kworker, hotplug, third, rcu. */

import { loadActors, type Modules } from '../src/engine/threads/patched_actors.js';
import type { ControlRole } from '../src/kernel/abi/actors.js';
import * as actors from '../src/machine/actors.js';
import * as view from '../src/machine/view.js';

interface Task {
  readonly shared: view.MachineShared;
  readonly role: ControlRole;
  /** Of a changed kernel; null: the ordinary one. */
  readonly tree: string | null;
}

export default function control(task: Task): void | Promise<void> {
  if (task.tree === null) run(task, { actors, view });
  else return loadActors(task.tree).then((modules) => run(task, modules));
}

function run({ shared, role }: Task, { actors, view }: Modules): void {
  actors.runControl(view.kernelView(shared, view.controlActor(shared.plan, role)), shared, role);
}
