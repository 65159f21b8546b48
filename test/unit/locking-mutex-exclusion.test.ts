// SPDX-License-Identifier: GPL-2.0-only
/** Only one control path at a time holds a mutex, and each gets its turn to the last round. */
import { expect, it } from 'vitest';
import { CLEAN, caught, exclusion } from '../support/locking/exclusion.js';

it('loses no increment and no wake-up', async () => {
  expect(await exclusion({ lock: 'mutex', writers: 3, readers: 0, rounds: 20, turns: 1000 })).toEqual(CLEAN);
});

it('loses nothing in short sections either', async () => {
  expect(await exclusion({ lock: 'mutex', writers: 3, readers: 0, rounds: 20000, turns: 0 })).toEqual(CLEAN);
});

it('sees a lock that does nothing', async () => {
  const plan = { lock: 'none', writers: 3, readers: 0, rounds: 20, turns: 1000 };
  expect(await caught(plan, 'lost')).toBeGreaterThan(0);
});
