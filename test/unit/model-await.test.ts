// SPDX-License-Identifier: GPL-2.0-only
/** An await is one operation, however long it takes: it is no loop of looks. */
import { expect, it } from 'vitest';
import { parseScheduler } from '#src/schedule/index.js';
import { machineOf } from '../support/model/campaign.js';

/** Of the controller of lp(1,2): its start, nine operations, and an await if it sees the task inside the section. */
const WITHOUT_AWAIT = 12;

it.each(['fast', 'observed'] as const)('%s tree', (which) => {
  const machine = machineOf('lp', [1, 2], which);
  const counts = new Set<number>();
  for (let execution = 0; execution < 300; execution++) {
    const scheduler = parseScheduler('random(1/3)').create({ execution, seed: 1, steps: 20 });
    scheduler.begin(machine.actors);
    const { end, decisions } = machine.execute(scheduler);
    expect(end).toBe('done');
    let points = 0;
    decisions.actors.forEach((actor, i) => {
      if (actor === 1) points += decisions.points[i] as number;
    });
    counts.add(points);
  }
  expect([...counts].sort()).toEqual([WITHOUT_AWAIT, WITHOUT_AWAIT + 1]);
});
