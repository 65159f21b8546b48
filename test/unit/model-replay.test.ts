// SPDX-License-Identifier: GPL-2.0-only
/** What the fast tree did, the observed tree does again from the decisions alone. */
import { expect, it } from 'vitest';
import { defaultSchedule } from '#src/schedule/index.js';
import { ReplayScheduler } from '#src/schedule/replay.js';
import { families, machineOf } from '../support/model/campaign.js';

it.each(families.map((f) => f.name))('%s', (name) => {
  const fast = machineOf(name, [], 'fast');
  const observed = machineOf(name, [], 'observed');
  for (let i = 0; i < 100; i++) {
    const scheduler = defaultSchedule(i, 7, 40);
    scheduler.begin(fast.actors);
    const first = fast.execute(scheduler);
    const { actors, points } = first.decisions;
    const replay = new ReplayScheduler(actors.map((actor, k) => ({ actor, points: points[k] as number })));
    replay.begin(observed.actors);
    const again = observed.execute(replay);
    expect([again.end, again.steps, observed.stateHash(), replay.divergedAt]).toEqual([
      first.end,
      first.steps,
      fast.stateHash(),
      -1,
    ]);
  }
});
