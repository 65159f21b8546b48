// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EBUSY, EINVAL, WARN } from '#src/kernel/abi/constants.js';
import { PHASE } from '#src/trace/events.js';
import { codesOf, idle, judge, TraceBuilder } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['hotplug'];
const { begin, end } = PHASE;

it('catches a task that runs on a dead CPU', () => {
  expect(judge(trace().down(2).sched(2, idle(2), 7), only).violations).toMatchObject([
    { code: 'CPUHP-RAN-OFFLINE', summary: 'ran on cpu2, which was dead', cpu: 2, task: 7 },
  ]);
  expect(codesOf(trace().call(7, 'vfs_read', 0), only)).toEqual(['CPUHP-RAN-OFFLINE']);
});

it('catches a refusal without a reason', () => {
  const t = trace().disable(1).disable(0).hotplug('cpu_down', 2, begin).hotplug('cpu_down', 2, end, -EBUSY);
  expect(codesOf(t, only)).toEqual(['CPUHP-SPURIOUS-EBUSY']);
});

it('catches an operation that succeeds and has done nothing, and one that is refused for no reason', () => {
  const nothing = trace().hotplug('cpu_up', 3, begin).hotplug('cpu_up', 3, end, 0);
  expect(judge(nothing, only).violations).toMatchObject([
    { code: 'CPUHP-RESULT', summary: 'cpu_up(3) succeeded, though the CPU is offline, in state 22' },
  ]);
  const refused = trace().hotplug('cpu_down', 2, begin).hotplug('cpu_down', 2, end, -EINVAL);
  expect(judge(refused, only).violations).toMatchObject([
    { code: 'CPUHP-RESULT', summary: 'cpu_down(2) got -EINVAL, though the CPU is online, in state 22' },
  ]);
});

it('catches an operation that goes on while hotplug is disabled', () => {
  const t = trace().hotplug('cpu_up', 3, begin).disable(1).writer(begin).online(3, true);
  expect(codesOf(t, only)).toEqual(['CPUHP-DISABLED']);
});

it('catches a change of the mask outside of any operation', () => {
  expect(codesOf(trace().online(2, false), only)).toEqual(['CPUHP-STRAY-CHANGE']);
});

it('catches a change of the mask without the lock', () => {
  expect(codesOf(trace().hotplug('cpu_up', 3, begin).online(3, true), only)).toEqual(['CPUHP-UNLOCKED']);
});

it('catches two operations at the same time', () => {
  const t = trace()
    .hotplug('cpu_up', 3, begin)
    .writer(begin)
    .hotplug('cpu_down', 2, begin, 0, 6)
    .writer(begin, 6);
  expect(codesOf(t.online(3, true), only)).toEqual(['CPUHP-OVERLAP']);
});

it('catches a disable counter that falls below zero', () => {
  expect(codesOf(trace().disable(1).disable(0).disable(-1), only)).toEqual(['CPUHP-UNBALANCED']);
});

it('passes on an unbalanced enable', () => {
  expect(codesOf(trace().klp('warn', WARN.unbalanced_hotplug_enable), only)).toEqual(['CPUHP-UNBALANCED']);
});
