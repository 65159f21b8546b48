// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { SWITCH_POINT } from '#src/trace/events.js';
import { codesOf, idle, judge, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['switch-points'];

it('catches the idle task of a CPU that came up without a flag, and names it', () => {
  const t = trace().begin(FIRST, P).up(3).switchPoint(idle(3), U, SWITCH_POINT.idle);
  t.idlePass(3, U).switchPoint(idle(3), U, SWITCH_POINT.idle);
  const { violations } = judge(t, only);
  expect(violations).toMatchObject([{ code: 'KLP-MISSED-SWITCH', task: idle(3), cpu: 3 }]);
  expect(violations[0]?.hint).toContain('swapper/3');
});

it('catches a task that was on the right side when the flags were set, and then was not', () => {
  const t = trace()
    .begin(FIRST, P)
    .selfSwitch(1, U, P)
    .reverse(FIRST, P, U)
    .syscallExit(1, P)
    .syscallExit(1, P);
  expect(codesOf(t, only)).toEqual(['KLP-MISSED-SWITCH']);
});

it('catches a kthread that passes its switch point', () => {
  const t = trace().begin(FIRST, P);
  for (let i = 0; i < 2; i++) t.switchPoint(7, U, SWITCH_POINT.kthread);
  expect(codesOf(t, only)).toEqual(['KLP-MISSED-SWITCH']);
});
