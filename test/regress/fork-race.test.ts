// SPDX-License-Identifier: GPL-2.0-only
/** 747f7a290117: a child gets its flag and its state at different times; found without being told where to look. */
import { expect, it } from 'vitest';
import { campaign, foundBy } from '../support/exploring.js';

it('is found in 4.12 and not in 6.1', async () => {
  const choice = { scenarioName: 'forkstorm', explore: {} };
  const old = await campaign({ ...choice, protocol: 'mainline-4.12' }, { executions: 640 });
  expect(foundBy(old).map(([code]) => code)).toContain('KLP-NO-FLAG');
  const mended = await campaign({ ...choice, protocol: 'mainline-6.1' }, { executions: 640 });
  expect(foundBy(mended)).toEqual([]);
});
