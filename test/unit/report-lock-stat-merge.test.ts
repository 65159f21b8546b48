// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { _THIS_IP_, LOCK_CLASS, NR_LOCK_CLASSES } from '#src/kernel/abi/lock_classes.js';
import { mergeLockStat } from '#src/report/lock_stat.js';
import { createLockStatBuffer, LockStat, LS_WRITE } from '#src/trace/lock_stat.js';
import { lockStatBuffer } from '../support/soak_result.js';

it('adds up the actors, writers and readers apart, most contended class first', () => {
  const rows = mergeLockStat(lockStatBuffer());
  expect(rows.map((r) => r.name)).toEqual(['cpu_hotplug_lock', 'tasklist_lock']);
  expect(rows[0]?.write).toEqual({
    conBounces: 2,
    contentions: 2,
    waitNs: { min: 1234, max: 40_000, total: 41_234, avg: 20_617 },
    acqBounces: 2,
    acquisitions: 2,
    holdNs: { min: 2_000_000, max: 2_000_000, total: 4_000_000, avg: 2_000_000 },
  });
  expect(rows[0]?.read).toMatchObject({
    contentions: 0,
    acquisitions: 2,
    waitNs: { min: 0, max: 0, total: 0, avg: 0 },
  });
  expect(rows[0]?.contentionPoints).toEqual([{ ip: _THIS_IP_.cpu_down, symbol: 'cpu_down', count: 2 }]);
  expect(rows[1]?.read).toBeNull();
});

it('leaves out what was never used', () => {
  expect(mergeLockStat(createLockStatBuffer(4, NR_LOCK_CLASSES))).toEqual([]);
});

it('takes the shortest span of those actors that have one', () => {
  const buffer = createLockStatBuffer(3, NR_LOCK_CLASSES);
  let ns = 0;
  for (const [actor, held] of [
    [1, 300],
    [2, 200],
  ] as const) {
    const stat = new LockStat(buffer, actor, () => ns, true);
    stat.acquired(5, LOCK_CLASS.klp_mutex, LS_WRITE, 1, false, false);
    ns += held;
    stat.release(5);
  }
  expect(mergeLockStat(buffer)[0]?.write?.holdNs).toEqual({ min: 200, max: 300, total: 500, avg: 250 });
});

it('keeps the four places that waited most, over all actors', () => {
  const buffer = createLockStatBuffer(2, NR_LOCK_CLASSES);
  const places = [
    [1, 2, 3, 4],
    [4, 5, 6, 6],
  ] as const;
  places.forEach((ips, actor) => {
    const stat = new LockStat(buffer, actor, () => 0, true);
    for (const ip of ips) stat.contended(5, LOCK_CLASS.klp_mutex, LS_WRITE, ip, 0, false);
  });
  const [row] = mergeLockStat(buffer);
  expect(row?.contentionPoints.map((p) => [p.ip, p.count])).toEqual([
    [4, 2],
    [6, 2],
    [1, 1],
    [2, 1],
  ]);
  expect(row?.contendingPoints).toEqual([]);
});

it('shows a lock that was waited for and never had', () => {
  const buffer = createLockStatBuffer(1, NR_LOCK_CLASSES);
  new LockStat(buffer, 0, () => 0, true).contended(5, LOCK_CLASS.klp_mutex, LS_WRITE, 1, 2, false);
  expect(mergeLockStat(buffer)[0]?.write).toMatchObject({
    contentions: 1,
    acquisitions: 0,
    holdNs: { avg: 0 },
  });
});
