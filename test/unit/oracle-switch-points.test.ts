// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { SWITCH_POINT } from '#src/trace/events.js';
import { codesOf, idle, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['switch-points'];

it('accepts a pass that may have begun before the flags were set', () => {
  const t = trace().begin(FIRST, P).syscallExit(1, U).selfSwitch(1, U, P).syscallExit(1, P);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a pass on either side of a reversal, a force and a completion', () => {
  const t = trace().begin(FIRST, P).syscallExit(1, U).klp('klp_reverse', FIRST, P, U).syscallExit(1, P);
  t.klp('klp_start', FIRST, U).klp('klp_started', FIRST, U).syscallExit(1, P).selfSwitch(1, P, U);
  t.syscallExit(2, P).klp('klp_force', FIRST, U).syscallExit(2, P).complete(FIRST, U).syscallExit(2, -1);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts an idle task that stays in its inner loop, and a task that is refused in cond_resched', () => {
  const t = trace().begin(FIRST, P).idlePass(2, U).idlePass(2, U).idlePass(2, U);
  for (let i = 0; i < 3; i++) t.switchPoint(1, U, SWITCH_POINT.cond_resched, 1);
  t.selfSwitch(idle(2), U, P, SWITCH_POINT.idle);
  expect(codesOf(t, only)).toEqual([]);
});
