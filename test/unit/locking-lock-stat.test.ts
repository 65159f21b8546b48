// SPDX-License-Identifier: GPL-2.0-only
/** What the hooks count: acquisitions, bounces between actors, contention with both places, by class and mode. */
import { expect, it } from 'vitest';
import { _THIS_IP_, LOCK_CLASS, NR_LOCK_CLASSES } from '#src/kernel/abi/lock_classes.js';
import { percpu_down_read, percpu_up_read } from '#src/kernel/locking/percpu_rwsem.js';
import { raw_spin_lock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { embedded } from '#src/mem/layout.js';
import { LS, LS_READ, LS_WRITE, lockStatOffset } from '#src/trace/lock_stat.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab, type Lab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

function stat(lab: Lab, actor: number, cls: number, mode: number, what: number): number {
  const words = new Float64Array(lab.lockStat.stats);
  return words[lockStatOffset(NR_LOCK_CLASSES, actor, cls, mode) + what] as number;
}

it('counts a lock that comes from another actor as a bounce', () => {
  const lab = createLab({ actors: 2, lockStat: true });
  const spin = embedded(labArea(lab), lab_area.spin);
  const [a, b] = [labKernel(lab, 0), labKernel(lab, 1)];
  for (const k of [a, a, b, b, a]) {
    raw_spin_lock(k, spin, _THIS_IP_.test);
    raw_spin_unlock(k, spin);
  }
  const cls = LOCK_CLASS['pool->lock'];
  expect([0, 1].map((a) => stat(lab, a, cls, LS_WRITE, LS.acquisitions))).toEqual([3, 2]);
  expect([0, 1].map((a) => stat(lab, a, cls, LS_WRITE, LS.acq_bounces))).toEqual([1, 1]);
  expect(stat(lab, 0, cls, LS_WRITE, LS.hold_total)).toBeGreaterThan(0);
});

it('counts readers of a percpu-rwsem apart, without bounces', () => {
  const lab = createLab({ actors: 2, lockStat: true });
  const sem = embedded(labArea(lab), lab_area.sem);
  for (const k of [labKernel(lab, 0), labKernel(lab, 1)]) {
    percpu_down_read(k, sem, _THIS_IP_.test);
    percpu_up_read(k, sem);
  }
  const cls = LOCK_CLASS.cpu_hotplug_lock;
  expect([0, 1].map((a) => stat(lab, a, cls, LS_READ, LS.acquisitions))).toEqual([1, 1]);
  expect([0, 1].map((a) => stat(lab, a, cls, LS_READ, LS.acq_bounces))).toEqual([0, 0]);
  expect([0, 1].map((a) => stat(lab, a, cls, LS_WRITE, LS.acquisitions))).toEqual([0, 0]);
});

it('counts a wait with the place that waited and the place that held', async () => {
  const lab = createLab({ actors: 2, lockStat: true });
  await runCrew(lab, [
    { job: 'hold', args: { lock: 'mutex', role: 'writer', wait: 'mutex' } },
    { job: 'take', args: { lock: 'mutex' } },
  ]);
  const cls = LOCK_CLASS.klp_mutex;
  expect(stat(lab, 1, cls, LS_WRITE, LS.contentions)).toBe(1);
  expect(stat(lab, 1, cls, LS_WRITE, LS.con_bounces)).toBe(1);
  expect(stat(lab, 1, cls, LS_WRITE, LS.contention_points)).toBe(_THIS_IP_.test);
  expect(stat(lab, 1, cls, LS_WRITE, LS.contending_points)).toBe(_THIS_IP_.test);
  expect(stat(lab, 1, cls, LS_WRITE, LS.wait_total)).toBeGreaterThan(0);
  expect(stat(lab, 0, cls, LS_WRITE, LS.contentions)).toBe(0);
});
