// SPDX-License-Identifier: GPL-2.0-only
/** The same finding and budget give the same result: nothing depends on a clock. */
import { expect, it } from 'vitest';
import { minimise } from '#src/explore/minimise.js';
import { firstFinding } from '../support/finding.js';

it('is deterministic, and keeps to its budget', async () => {
  const results = [];
  for (let i = 0; i < 2; i++) {
    const { runner, found } = await firstFinding('hotplug', 'online-only', 'KLP-MISSED-SWITCH', 30);
    const small = await minimise(runner, found, { budget: 80 });
    results.push([small?.used, small?.decisions, small?.subject.scenario.explore, small?.seed]);
  }
  expect(results[0]?.[0]).toBe(80);
  expect(results[1]).toEqual(results[0]);
});
