// SPDX-License-Identifier: GPL-2.0-only
/** The hotplug lock of January 2017 keeps readers and the writer apart. It takes one writer at a time. */
import { expect, it } from 'vitest';
import { CLEAN, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 1, readers: 2, rounds: 200, turns: 15 };

it('tears nothing, loses nothing, wakes everybody', async () => {
  expect(await exclusion({ lock: 'refcount', ...plan })).toEqual(CLEAN);
});

it('sees readers that are not counted', async () => {
  const found = await exclusion({ lock: 'refcount, readers without', ...plan });
  expect(found.overlaps).toBeGreaterThan(0);
  expect(found.torn).toBeGreaterThan(0);
});
