// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { HungFinding, PendingTask } from '#src/oracle/oracle.js';
import { plain } from '#src/report/paint.js';
import { watchdogSection } from '#src/report/watchdog.js';

const task: PendingTask = {
  pid: 12,
  name: 'reader:12',
  state: 'S',
  patchState: 1,
  pending: false,
  onCpu: null,
  idle: false,
  kthread: false,
  blockingFunction: 'f',
};
const finding: HungFinding = {
  kind: 'transition',
  actor: null,
  name: 'lp1',
  state: '',
  object: '',
  sinceMs: 90_000,
  owners: [],
  pendingTasks: Array.from({ length: 13 }, () => task),
};

it('names the first tasks that hold up a transition, and counts the rest', () => {
  const lines = watchdogSection({ findings: [finding], actors: [], owners: [] }, plain);
  expect(lines).toHaveLength(14);
  expect(lines.slice(0, 3)).toEqual([
    'Watchdog',
    '  hung transition lp1 for 1m30s',
    '    not switched: reader:12 (state S, PATCHED, no TIF_PATCH_PENDING, in f)',
  ]);
  expect(lines.slice(-2)).toEqual(['    not switched: 3 more', '  locks held: none']);
});

it('says nothing when the watchdog did not', () => {
  expect(watchdogSection(null, plain)).toEqual([]);
});
