// SPDX-License-Identifier: GPL-2.0-only
/** Transitions that do not end by themselves: force, signals and a start that fails are reached, judged, and right. */
import { expect, it } from 'vitest';
import { campaign, foundBy } from '../support/exploring.js';

const RARE = ['klp_force', 'klp_cancel', 'klp_signals', 'klp_signal', 'klp_refused', 'klp_reversed'];

it('reaches all of them and finds nothing in the newest kernel', async () => {
  const outcome = await campaign({ scenarioName: 'forced', explore: {} }, { executions: 96 });
  expect(foundBy(outcome)).toEqual([]);
  expect(outcome.findings.ends).toEqual({ done: 96 });
  const { events } = outcome.findings.coverage.report();
  expect(events.never.filter((e) => RARE.includes(e))).toEqual([]);
});

it('finds nothing under weak memory either', async () => {
  const outcome = await campaign({ scenarioName: 'forced', explore: {}, memory: 'weak' }, { executions: 32 });
  expect(foundBy(outcome)).toEqual([]);
});
