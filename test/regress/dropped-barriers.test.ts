// SPDX-License-Identifier: GPL-2.0-only
/** Barriers that matter under weak memory: without one the rule breaks, and under sequential consistency it never does. */
import { expect, it } from 'vitest';
import { campaign, foundBy } from '../support/exploring.js';

const rows = [
  { id: 'PRW_A', scenarioName: 'hotplug', explore: {}, code: 'RWSEM-EXCL' },
  { id: 'KLP_W_DISABLE', scenarioName: 'forkstorm', explore: {}, code: 'KLP-WRONG-VERSION' },
] as const;

it.each(rows)('finds what breaks without $id', async ({ id, scenarioName, explore, code }) => {
  const choice = { scenarioName, explore, dropped: [id] };
  const weak = await campaign({ ...choice, memory: 'weak' }, { executions: 256 });
  expect(foundBy(weak).map(([c]) => c)).toContain(code);
  const sc = await campaign({ ...choice, memory: 'sc' }, { executions: 64 });
  expect(foundBy(sc)).toEqual([]);
  const whole = await campaign({ ...choice, dropped: [], memory: 'weak' }, { executions: 64 });
  expect(foundBy(whole)).toEqual([]);
});
