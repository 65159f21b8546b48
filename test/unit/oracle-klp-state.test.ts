// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U, KLP_UNDEFINED as X } from '#src/kernel/abi/constants.js';
import { AUDIT, HOW } from '#src/trace/events.js';
import { codesOf, idle, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['klp-state'];

it('accepts a transition in which all tasks that are known switch', () => {
  const t = trace().forked(1, 9, X).begin(FIRST, P).handler(1, 'vfs_read', 0, 1, U).selfSwitch(1, U, P);
  t.handler(1, 'vfs_read', 1, 1, P).switched(9, U, P).idlePass(0, U).selfSwitch(idle(0), U, P);
  t.klp('audit', AUDIT.inited, 0).complete(FIRST, P).klp('audit', AUDIT.completed, 0);
  t.handler(1, 'vfs_read', 1, 0, -2).forked(1, 10, X);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a switch in flight whose event comes after the start of completion', () => {
  const t = trace().begin(FIRST, P).klp('klp_try', FIRST, 0, 1).klp('klp_complete', FIRST, P);
  t.selfSwitch(1, U, P).klp('klp_completed', FIRST, P);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a switch to either side while a reversal is under way', () => {
  const t = trace().begin(FIRST, P).klp('klp_reverse', FIRST, P, U).selfSwitch(1, U, P).selfSwitch(2, U, U);
  t.klp('klp_start', FIRST, U).klp('klp_started', FIRST, U).selfSwitch(1, P, U).complete(FIRST, U);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts children whose flag and state belong together', () => {
  const t = trace()
    .begin(FIRST, P)
    .forked(1, 9, U, 1)
    .selfSwitch(1, U, P)
    .forked(1, 10, P, 0)
    .selfSwitch(9, U, P);
  t.klp('klp_reverse', FIRST, P, U)
    .forked(1, 11, P, 0)
    .klp('klp_start', FIRST, U)
    .klp('klp_started', FIRST, U);
  for (const task of [1, 9, 10, 11]) t.selfSwitch(task, P, U);
  expect(codesOf(t.complete(FIRST, U), only)).toEqual([]);
});

it('accepts a child that is born while states are set, and one while they are reset', () => {
  const t = trace()
    .klp('klp_init', FIRST, P)
    .forked(1, 9, X)
    .klp('klp_start', FIRST, P)
    .klp('klp_started', FIRST, P);
  t.selfSwitch(1, U, P).selfSwitch(9, U, P).klp('klp_try', FIRST, 0).klp('klp_complete', FIRST, P);
  expect(codesOf(t.forked(1, 10, X).forked(1, 11, P).klp('klp_completed', FIRST, P), only)).toEqual([]);
});

it('accepts the end of a task that has not switched, and the rest of an idle task of a dead CPU', () => {
  const t = trace().forked(1, 9, X).begin(FIRST, P).taskExit(9).selfSwitch(1, U, P).complete(FIRST, P);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a cancelled enabling', () => {
  const t = trace().forked(1, 9, X).klp('klp_init', FIRST, P).klp('klp_cancel', FIRST);
  expect(codesOf(t.klp('klp_complete', FIRST, U).klp('klp_completed', FIRST, U), only)).toEqual([]);
});

it('accepts a forced transition that leaves tasks behind', () => {
  const t = trace()
    .begin(FIRST, P)
    .forked(1, 9, U, 1)
    .klp('klp_force', FIRST, P)
    .switched(1, U, P, HOW.force);
  expect(codesOf(t.complete(FIRST, P), only)).toEqual([]);
});
