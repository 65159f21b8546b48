// SPDX-License-Identifier: GPL-2.0-only
/** rcu_sync: readers come back to the fast path a grace period after the last updater, and not before. */
import { expect, it } from 'vitest';
import { percpu_rw_semaphore, rcu_sync } from '#src/kernel/abi/structs.js';
import { rcu_sync_enter, rcu_sync_exit, rcu_sync_is_idle } from '#src/kernel/rcu/sync.js';
import { rcu_eqs_exit, rcu_gp_kthread_pass } from '#src/kernel/rcu/tree.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { SimulatorBug } from '#src/util/fault.js';
import { createLab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

const [IDLE, PASSED, EXIT, REPLAY] = [0, 2, 3, 4];

function setUp() {
  const lab = createLab({ actors: 1 });
  const k = labKernel(lab, 0);
  const rss = embedded(embedded(labArea(lab), lab_area.sem), percpu_rw_semaphore.rss);
  rcu_eqs_exit(k);
  return { k, rss, state: () => READ_ONCE(k, rss, rcu_sync.gp_state) };
}

it('goes idle, passed, exit, idle', () => {
  const { k, rss, state } = setUp();
  expect(rcu_sync_is_idle(k, rss)).toBe(true);
  rcu_sync_enter(k, rss);
  expect(state()).toBe(PASSED);
  rcu_sync_exit(k, rss);
  expect(state()).toBe(EXIT);
  expect(rcu_sync_is_idle(k, rss)).toBe(false);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(1);
  expect(state()).toBe(IDLE);
});

it('stays on the slow path for an updater that comes before the grace period has ended', () => {
  const { k, rss, state } = setUp();
  rcu_sync_enter(k, rss);
  rcu_sync_exit(k, rss);
  rcu_sync_enter(k, rss);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(1);
  expect(state()).toBe(PASSED);
});

it('waits for one more grace period if an updater came and left meanwhile', () => {
  const { k, rss, state } = setUp();
  rcu_sync_enter(k, rss);
  rcu_sync_exit(k, rss);
  rcu_sync_enter(k, rss);
  rcu_sync_exit(k, rss);
  expect(state()).toBe(REPLAY);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(1);
  expect(state()).toBe(EXIT);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(1);
  expect(state()).toBe(IDLE);
});

it('counts updaters', () => {
  const { k, rss, state } = setUp();
  rcu_sync_enter(k, rss);
  rcu_sync_enter(k, rss);
  rcu_sync_exit(k, rss);
  expect(state()).toBe(PASSED);
  rcu_sync_exit(k, rss);
  expect(state()).toBe(EXIT);
  expect(() => rcu_sync_exit(k, rss)).toThrow(SimulatorBug);
});
