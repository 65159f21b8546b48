// SPDX-License-Identifier: GPL-2.0-only
/** A percpu-rwsem keeps readers and writers apart, on the fast path, the slow path and between the two. */
import { expect, it } from 'vitest';
import { CLEAN, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 2, readers: 2, rounds: 200, turns: 15, rcu: true };

it('tears nothing, loses nothing, wakes everybody', async () => {
  expect(await exclusion({ lock: 'percpu_rwsem', ...plan })).toEqual(CLEAN);
});

it('sees readers that stay on the fast path', async () => {
  const found = await exclusion({ lock: 'percpu_rwsem, fast path only', ...plan });
  expect(found.lost).toBe(0);
  expect(found.overlaps).toBeGreaterThan(0);
  expect(found.torn).toBeGreaterThan(0);
});
