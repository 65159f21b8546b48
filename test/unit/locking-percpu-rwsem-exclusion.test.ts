// SPDX-License-Identifier: GPL-2.0-only
/** A percpu-rwsem keeps readers and writers apart, on the fast path, the slow path and between the two. */
import { expect, it } from 'vitest';
import { CLEAN, caught, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 2, readers: 2, rounds: 20, turns: 1000, rcu: true };

it('tears nothing, loses nothing, wakes everybody', async () => {
  expect(await exclusion({ lock: 'percpu_rwsem', ...plan })).toEqual(CLEAN);
});

it('tears nothing and loses nothing in short sections', async () => {
  expect(await exclusion({ lock: 'percpu_rwsem', ...plan, rounds: 1000, turns: 0 })).toEqual(CLEAN);
});

it('sees readers that stay on the fast path', async () => {
  expect(await caught({ lock: 'percpu_rwsem, fast path only', ...plan }, 'torn')).toBeGreaterThan(0);
});
