// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EBUSY, EINVAL } from '#src/kernel/abi/constants.js';
import { PHASE } from '#src/trace/events.js';
import { codesOf, idle, TraceBuilder } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['hotplug'];
const { begin, end } = PHASE;

it('accepts CPUs that come and go, and what runs on them meanwhile', () => {
  const t = trace()
    .up(3)
    .sched(3, idle(3), 7)
    .call(7, 'vfs_read', 0)
    .sched(3, 7, idle(3))
    .idlePass(3, -1)
    .down(3);
  expect(codesOf(t.up(3).idlePass(3, -1), only)).toEqual([]);
});

it('accepts a refusal while hotplug is disabled, before, during or after the beginning', () => {
  const t = trace().disable(1).hotplug('cpu_up', 3, begin).disable(0).hotplug('cpu_up', 3, end, -EBUSY);
  t.hotplug('cpu_down', 2, begin).disable(1).disable(0).hotplug('cpu_down', 2, end, -EBUSY);
  t.disable(1).disable(2).hotplug('cpu_up', 3, begin).hotplug('cpu_up', 3, end, -EBUSY).disable(1).disable(0);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a refusal to take the last CPU down, and other errors', () => {
  const t = trace().down(2).down(1).hotplug('cpu_down', 0, begin).hotplug('cpu_down', 0, end, -EBUSY);
  t.hotplug('cpu_down', 1, begin).hotplug('cpu_down', 1, end, -EINVAL);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts an operation that begins before another has told its end', () => {
  const t = trace().hotplug('cpu_up', 3, begin).writer(begin).online(3, true).writer(end);
  t.hotplug('cpu_down', 2, begin, 0, 6).writer(begin, 6).online(2, false).writer(end, 6);
  t.hotplug('cpu_up', 3, end).hotplug('cpu_down', 2, end, 0, 6);
  expect(codesOf(t, only)).toEqual([]);
});
