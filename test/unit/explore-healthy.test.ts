// SPDX-License-Identifier: GPL-2.0-only
/** The designs that were merged are left alone, over the budget that catches the busted ones. */
import { expect, it } from 'vitest';
import { campaign, foundBy } from '../support/exploring.js';

it.each(['mainline-6.12', 'mainline-6.1', 'possible-locked'])('finds nothing in %s', async (protocol) => {
  for (const [scenarioName, explore] of [
    ['hotplug', { online: 1, hotplug: 2 }],
    ['forkstorm', {}],
  ] as const) {
    const outcome = await campaign({ protocol, scenarioName, explore }, { executions: 128 });
    expect(foundBy(outcome)).toEqual([]);
    expect(outcome.findings.ends).toEqual({ done: 128 });
  }
});
