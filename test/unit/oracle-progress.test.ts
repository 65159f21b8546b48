// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { judge, TraceBuilder } from '../support/trace/builder.js';
import { hung, hungEnd, pendingTask } from '../support/trace/hung.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const only = ['progress'];
const started = (machine = {}) => {
  const t = new TraceBuilder(judgedScenario(machine)).begin(FIRST, P);
  for (let i = 0; i < 5; i++) t.klp('klp_try', FIRST, 1, i);
  return t;
};

it('has nothing to say about a run in which nothing stood still', () => {
  const { violations, suspicions } = judge(started(), only);
  expect([...violations, ...suspicions]).toEqual([]);
});

it('suspects a task that sleeps in the function that it would leave, and names both', () => {
  const end = hungEnd(hung({ pendingTasks: [pendingTask(7, { blockingFunction: 'pipe_read' })] }));
  const { violations, suspicions } = judge(started(), only, end);
  expect(violations).toEqual([]);
  expect(suspicions).toEqual([
    {
      code: 'PROG-HUNG-TRANSITION',
      text: 'the transition of first has not ended after 15 s and 5 tries: reader:7 stays in pipe_read (state S)',
      count: 1,
      doubt: true,
      excuses: ['in-function'],
    },
  ]);
});

it('suspects a kthread without a switch point on a machine without reliable stacks', () => {
  const end = hungEnd(hung({ pendingTasks: [pendingTask(7, { kthread: true })] }));
  const { violations, suspicions } = judge(started({ reliableStacks: false }), only, end);
  expect(violations).toEqual([]);
  expect(suspicions[0]?.text).toContain('reader:7 is a kthread that has not passed a switch point (state S)');
  expect(suspicions[0]?.excuses).toEqual(['kthread-asleep']);
});

it('does not blame a task that was being switched while the watchdog looked', () => {
  const end = hungEnd(hung({ pendingTasks: [pendingTask(7, { pending: false })] }));
  expect(judge(started().syscallExit(7, U).selfSwitch(7, U, P), only, end).violations).toEqual([]);
});

it('does not blame an actor that does not wait: the host may be too busy for it', () => {
  const end = hungEnd(hung({ kind: 'cpu', actor: 1, name: 'cpu1', state: 'running' }));
  const { violations, suspicions } = judge(started(), only, end);
  expect(violations).toEqual([]);
  expect(suspicions).toMatchObject([{ code: 'PROG-STILL', doubt: true }]);
});
