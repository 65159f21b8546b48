// SPDX-License-Identifier: GPL-2.0-only
/** What the oracle of progress is told of a transition that does not end. */
import type { MachineShared } from '../machine/view.js';
import type { HungFinding, PendingTask } from '../oracle/oracle.js';
import type { TaskSnapshot } from './tasks.js';
import type { HungTransition } from './watchdog.js';

const FAIR = { abandoned: false, starved: new Set<number>() };

/** `starved`: CPUs that a schedule has kept from running. */
export function transitionFinding(
  shared: MachineShared,
  t: HungTransition,
  owners: readonly string[],
  more: { readonly abandoned: boolean; readonly starved: ReadonlySet<number> } = FAIR,
): HungFinding {
  return {
    kind: 'transition',
    actor: null,
    name: shared.scenario.patches[t.patch]?.name ?? `patch ${t.patch}`,
    state: '',
    object: '',
    sinceMs: t.sinceMs,
    owners,
    pendingTasks: t.pending.map((task) => ({
      ...pendingTask(shared, task, t.patch),
      starved: task.onCpu !== null && more.starved.has(task.onCpu),
    })),
    abandoned: more.abandoned,
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
