// SPDX-License-Identifier: GPL-2.0-only
/** Writers exclude everybody, readers only writers; without the read lock a reader sees half a write. */
import { expect, it } from 'vitest';
import { CLEAN, caught, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 2, readers: 2, rounds: 20, turns: 1000 };

it('tears nothing and loses nothing', async () => {
  expect(await exclusion({ lock: 'rwlock', ...plan })).toEqual(CLEAN);
});

it('tears nothing and loses nothing in short sections', async () => {
  expect(await exclusion({ lock: 'rwlock', ...plan, rounds: 5000, turns: 0 })).toEqual(CLEAN);
});

it('sees readers that take no lock', async () => {
  expect(await caught({ lock: 'rwlock, readers without', ...plan }, 'torn')).toBeGreaterThan(0);
});
