// SPDX-License-Identifier: GPL-2.0-only
/** The same seed finds the same, whatever the number of workers. */
import { expect, it } from 'vitest';
import { campaign, foundBy } from '../support/exploring.js';

it('finds the same with one worker and with three', async () => {
  const choice = { protocol: 'online-only' };
  const one = await campaign(choice, { executions: 128, workers: 1 });
  const three = await campaign(choice, { executions: 128, workers: 3 });
  expect(foundBy(one).length).toBeGreaterThan(0);
  expect(foundBy(three)).toEqual(foundBy(one));
  expect(three.findings.steps).toBe(one.findings.steps);
  expect(three.findings.coverage.report()).toEqual(one.findings.coverage.report());
});
