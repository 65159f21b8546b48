// SPDX-License-Identifier: GPL-2.0-only
/** The hotplug lock of January 2017 keeps readers and the writer apart. It takes one writer at a time. */
import { expect, it } from 'vitest';
import { CLEAN, caught, exclusion } from '../support/locking/exclusion.js';

const plan = { writers: 1, readers: 2, rounds: 20, turns: 1000 };

it('tears nothing, loses nothing, wakes everybody', async () => {
  expect(await exclusion({ lock: 'refcount', ...plan })).toEqual(CLEAN);
});

it('tears nothing and loses nothing in short sections', async () => {
  expect(await exclusion({ lock: 'refcount', ...plan, rounds: 1000, turns: 0 })).toEqual(CLEAN);
});

it('sees readers that are not counted', async () => {
  expect(await caught({ lock: 'refcount, readers without', ...plan }, 'torn')).toBeGreaterThan(0);
});
