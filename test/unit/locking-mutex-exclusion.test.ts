// SPDX-License-Identifier: GPL-2.0-only
/** Only one control path at a time holds a mutex, and each gets its turn to the last round. */
import { expect, it } from 'vitest';
import { CLEAN, exclusion } from '../support/locking/exclusion.js';

it('loses no increment and no wake-up', async () => {
  expect(await exclusion({ lock: 'mutex', writers: 3, readers: 0, rounds: 400, turns: 15 })).toEqual(CLEAN);
});

it('loses nothing in short sections either', async () => {
  expect(await exclusion({ lock: 'mutex', writers: 3, readers: 0, rounds: 20000, turns: 0 })).toEqual(CLEAN);
});

it('sees a lock that does nothing', async () => {
  const found = await exclusion({ lock: 'none', writers: 3, readers: 0, rounds: 400, turns: 15 });
  expect(found.lost).toBeGreaterThan(0);
});
