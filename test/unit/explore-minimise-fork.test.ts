// SPDX-License-Identifier: GPL-2.0-only
/** A race that needs to be preempted twice keeps two preemptions, whatever is tried. */
import { expect, it } from 'vitest';
import { minimise } from '#src/explore/minimise.js';
import { firstFinding } from '../support/finding.js';

it('leaves the two preemptions of the race in fork', async () => {
  const { runner, found } = await firstFinding('forkstorm', 'mainline-4.12', 'KLP-NO-FLAG', 1000, {
    explore: { syscalls: 2, livepatch: 1 },
    seed: 1,
  });
  const small = await minimise(runner, found, { budget: 600 });
  expect(small?.after.preemptions).toBeGreaterThanOrEqual(1);
  expect(small?.after.preemptions).toBeLessThanOrEqual(2);
  expect(small?.subject.scenario.control.hotplug).toBeNull();
});
