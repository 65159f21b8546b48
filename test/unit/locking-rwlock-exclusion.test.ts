// SPDX-License-Identifier: GPL-2.0-only
/** Writers exclude everybody, readers only writers; without the read lock a reader sees half a write. */
import { expect, it } from 'vitest';
import { CLEAN, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 2, readers: 2, rounds: 300, turns: 15 };

it('tears nothing and loses nothing', async () => {
  expect(await exclusion({ lock: 'rwlock', ...plan })).toEqual(CLEAN);
});

it('sees readers that take no lock', async () => {
  const found = await exclusion({ lock: 'rwlock, readers without', ...plan });
  expect(found.lost).toBe(0);
  expect(found.torn).toBeGreaterThan(0);
  expect(found.overlaps).toBeGreaterThan(0);
});
