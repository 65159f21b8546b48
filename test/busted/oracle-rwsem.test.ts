// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { PHASE } from '#src/trace/events.js';
import { judge, TraceBuilder } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';

const { begin } = PHASE;
const trace = () => new TraceBuilder(judgedScenario());
const only = ['rwsem'];

it('catches a reader inside a writer', () => {
  const { violations } = judge(trace().writer(begin).reader(begin), only);
  expect(violations).toMatchObject([
    { code: 'RWSEM-EXCL', summary: 'the hotplug lock was held for write and for read at the same time' },
  ]);
});

it('catches a side that misses what the other has written', () => {
  const t = trace().emit('driver_data', 6, -106, 0, 0, 1).emit('driver_data', 5, -105, 1, 1, 1);
  expect(judge(t, only).violations).toEqual([]);
  expect(judge(t.emit('driver_data', 6, -106, 0, 0, 2), only).violations).toMatchObject([
    {
      code: 'RWSEM-STALE',
      summary:
        'the driver, under the hotplug lock, has read 0 where the hotplug callback had written 1 under it before',
    },
  ]);
});

it('catches a writer inside a reader, and one inside another', () => {
  expect(judge(trace().reader(begin).writer(begin), only).violations).toMatchObject([{ code: 'RWSEM-EXCL' }]);
  expect(judge(trace().writer(begin, 5).writer(begin, 6), only).violations).toMatchObject([
    { code: 'RWSEM-EXCL' },
  ]);
});
