// SPDX-License-Identifier: GPL-2.0-only
/** What the watchdog might find, with the ordinary values filled in. */
import { KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import type { HungFinding, PendingTask, RunEnd } from '#src/oracle/oracle.js';

export function pendingTask(pid: number, change: Partial<PendingTask> = {}): PendingTask {
  return {
    pid,
    name: `reader:${pid}`,
    state: 'S',
    patchState: KLP_UNPATCHED,
    pending: true,
    onCpu: null,
    idle: false,
    kthread: false,
    blockingFunction: null,
    ...change,
  };
}

export function hung(change: Partial<HungFinding> = {}): HungFinding {
  return {
    kind: 'transition',
    actor: null,
    name: 'first',
    state: '',
    object: '',
    sinceMs: 15_000,
    owners: [],
    pendingTasks: [],
    ...change,
  };
}

export function hungEnd(...findings: HungFinding[]): RunEnd {
  return { stopped: 'hung', hung: findings, dropped: 0 };
}
