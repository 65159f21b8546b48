// SPDX-License-Identifier: GPL-2.0-only
/** What the oracle of progress is told of a transition that does not end. */
import type { MachineShared } from '../machine/view.js';
import type { HungFinding, PendingTask } from '../oracle/oracle.js';
import type { TaskSnapshot } from './tasks.js';
import type { HungTransition } from './watchdog.js';

export function transitionFinding(
  shared: MachineShared,
  t: HungTransition,
  owners: readonly string[],
  abandoned = false,
): HungFinding {
  return {
    kind: 'transition',
    actor: null,
    name: shared.scenario.patches[t.patch]?.name ?? `patch ${t.patch}`,
    state: '',
    object: '',
    sinceMs: t.sinceMs,
    owners,
    pendingTasks: t.pending.map((task) => pendingTask(shared, task, t.patch)),
    abandoned,
  };
}

function pendingTask(shared: MachineShared, task: TaskSnapshot, patch: number): PendingTask {
  const patched = new Set(shared.scenario.patches[patch]?.functions.map((f) => f.fn) ?? []);
  return {
    pid: task.pid,
    name: task.name,
    state: task.state,
    patchState: task.patchState,
    pending: task.pending,
    onCpu: task.onCpu,
    idle: task.idle,
    kthread: task.kthread,
    blockingFunction: task.stack.find((name) => patched.has(name)) ?? null,
  };
}
