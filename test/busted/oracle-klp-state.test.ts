// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U, WARN, KLP_UNDEFINED as X } from '#src/kernel/abi/constants.js';
import { AUDIT, HOW } from '#src/trace/events.js';
import { codesOf, idle, judge, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['klp-state'];

it('catches a handler that meets an undefined state in a transition', () => {
  const t = trace().begin(FIRST, P).handler(idle(3), 'do_idle_work', 1, 1, X);
  expect(judge(t, only).violations).toMatchObject([
    { code: 'KLP-UNDEF', task: idle(3), summary: expect.stringContaining('do_idle_work in transition') },
  ]);
});

it('catches a child whose flag is missing: it was copied before its parent switched back and forth', () => {
  const t = trace().begin(FIRST, P).selfSwitch(1, U, P).reverse(FIRST, P, U).forked(1, 9, P, 0);
  expect(codesOf(t, only)).toEqual(['KLP-NO-FLAG']);
});

it('catches a child without a state in a transition', () => {
  expect(codesOf(trace().begin(FIRST, P).forked(1, 9, X, 0), only)).toEqual(['KLP-UNDEF']);
});

it('catches a state, or a flag, that a child has while no transition runs', () => {
  expect(codesOf(trace().forked(1, 9, P, 0), only)).toEqual(['KLP-STALE']);
  expect(codesOf(trace().forked(1, 9, X, 1), only)).toEqual(['KLP-TIF-LEFT']);
});

it('catches what an audit has found', () => {
  const stale = trace().klp('audit', AUDIT.completed, 2, idle(3), P, 0);
  expect(judge(stale, only).violations).toMatchObject([
    {
      code: 'KLP-STALE',
      task: idle(3),
      summary: 'had patch_state PATCHED when a transition had ended, and 1 more',
    },
  ]);
  expect(codesOf(trace().klp('audit', AUDIT.inited, 1, 9, U, 1), only)).toEqual(['KLP-TIF-LEFT']);
  expect(codesOf(trace().klp('audit', AUDIT.forced, 1, 9, P, 1), only)).toEqual(['KLP-TIF-LEFT']);
});

it('passes on what the kernel warned of', () => {
  expect(codesOf(trace().klp('warn', WARN.complete_pending, 9), only)).toEqual(['KLP-TIF-LEFT']);
  expect(codesOf(trace().klp('warn', WARN.init_state, 9), only)).toEqual(['KLP-STALE']);
  expect(codesOf(trace().klp('warn', WARN.recursion), only)).toEqual(['KLP-WARN']);
});

it('catches a switch outside of transitions, and one before the start', () => {
  expect(codesOf(trace().selfSwitch(1, X, X), only)).toEqual(['KLP-STRAY-SWITCH']);
  expect(codesOf(trace().klp('klp_init', FIRST, P).selfSwitch(1, U, P), only)).toEqual(['KLP-STRAY-SWITCH']);
});

it('catches a switch to the side that was the target before the reversal', () => {
  const t = trace().begin(FIRST, P).reverse(FIRST, P, U).selfSwitch(1, U, P);
  expect(codesOf(t, only)).toEqual(['KLP-WRONG-TARGET']);
});

it('catches a completion that leaves tasks behind, and names them', () => {
  const t = trace().forked(1, 9, X).begin(FIRST, P).selfSwitch(1, U, P).complete(FIRST, P);
  expect(judge(t, only).violations).toMatchObject([
    {
      code: 'KLP-INCOMPLETE',
      task: 9,
      summary: 'was still UNPATCHED when the transition of first to PATCHED was completed',
    },
  ]);
});

it('catches a completion that leaves an idle task behind that was seen in its old state', () => {
  const t = trace().begin(FIRST, P).idlePass(2, U).selfSwitch(1, U, P).down(2).complete(FIRST, P);
  expect(judge(t, only).violations).toMatchObject([{ code: 'KLP-INCOMPLETE', task: idle(2) }]);
});

it('counts what it sees again', () => {
  const t = trace().begin(FIRST, P).reverse(FIRST, P, U);
  for (let task = 1; task < 100; task++) t.switched(task, U, P, HOW.self);
  expect(judge(t, only).violations).toMatchObject([{ code: 'KLP-WRONG-TARGET', count: 99 }]);
});
