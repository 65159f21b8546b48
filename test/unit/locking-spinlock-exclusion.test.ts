// SPDX-License-Identifier: GPL-2.0-only
/** Only one actor at a time holds a raw spinlock; without it increments are lost. */
import { expect, it } from 'vitest';
import { CLEAN, caught, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 3, readers: 0, rounds: 20, turns: 1000 };

it('loses no increment under raw_spin_lock', async () => {
  expect(await exclusion({ lock: 'raw_spinlock', ...plan })).toEqual(CLEAN);
});

it('loses no increment under raw_spin_trylock', async () => {
  expect(await exclusion({ lock: 'raw_spin_trylock', ...plan })).toEqual(CLEAN);
});

it('loses no increment in short sections either', async () => {
  expect(await exclusion({ lock: 'raw_spinlock', ...plan, turns: 0, rounds: 20000 })).toEqual(CLEAN);
});

it('sees a lock that does nothing', async () => {
  expect(await caught({ lock: 'none', ...plan }, 'lost')).toBeGreaterThan(0);
});
