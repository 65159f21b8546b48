// SPDX-License-Identifier: GPL-2.0-only
/** DPOR comes to every end state that the search of all schedules comes to, and to no other. */
import { expect, it } from 'vitest';
import { exploreModel } from '#src/engine/fibers/model_explore.js';
import { BoundedScheduler } from '#src/schedule/bounded.js';
import { campaign, machineOf } from '../support/model/campaign.js';

const everySchedule = {
  name: 'all',
  exhaustive: true,
  create: () => new BoundedScheduler({ bound: Number.POSITIVE_INFINITY }),
};

it.each(['mp', 'sb', 'condvar', 'busted-condvar', 'timed-wait', 'busted-timed-wait'])('%s', (name) => {
  const all = exploreModel(machineOf(name), everySchedule, { executions: 100_000 });
  const reduced = campaign(name, 'dpor');
  expect(all.complete).toBe(true);
  expect(reduced.executions).toBeLessThan(all.executions);
  expect([...reduced.states].sort()).toEqual([...all.states].sort());
  expect(new Set(reduced.ends.keys())).toEqual(new Set(all.ends.keys()));
});
