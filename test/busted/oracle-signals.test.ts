// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, TASK_INTERRUPTIBLE, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { createOracles, Judge } from '#src/oracle/index.js';
import { codesOf, judge, quietEnd, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const ROUND = 15;
const only = ['signals'];
const begun = () => new TraceBuilder(judgedScenario()).begin(FIRST, P);
const round = () => begun().klp('klp_try', FIRST, 2, ROUND).klp('klp_signals', FIRST, ROUND);

it('passes a round in its time, and one to a task that switches meanwhile', () => {
  const t = round()
    .selfSwitch(3, U, P)
    .klp('klp_signal', 3)
    .klp('klp_try', FIRST, 1, ROUND + 1);
  expect(codesOf(t.complete(FIRST, P), only)).toEqual([]);
});

it('passes an attempt with that number that leaves nobody over', () => {
  expect(codesOf(begun().klp('klp_try', FIRST, 0, ROUND).klp('klp_complete', FIRST, P), only)).toEqual([]);
});

it('catches a signal to a task that has switched', () => {
  const t = begun().selfSwitch(3, U, P).klp('klp_try', FIRST, 2, ROUND).klp('klp_signals', FIRST, ROUND);
  expect(judge(t.klp('klp_signal', 3), only).violations).toMatchObject([
    {
      code: 'KLP-SIGNALS',
      task: 3,
      summary: 'was signalled although it had switched before the round began',
    },
  ]);
});

it('passes a signal to a task that was turned round since it had switched', () => {
  const t = begun().selfSwitch(3, U, P).reverse(FIRST, P, U).klp('klp_try', FIRST, 2, ROUND);
  expect(codesOf(t.klp('klp_signals', FIRST, ROUND).klp('klp_signal', 3), only)).toEqual([]);
});

it('catches an attempt that should have sent signals', () => {
  const t = begun()
    .klp('klp_try', FIRST, 2, ROUND)
    .klp('klp_try', FIRST, 2, ROUND + 1);
  expect(judge(t, only).violations[0]?.summary).toBe(
    'attempt 15 of first left tasks over and sent no signals',
  );
});

it('catches signals in another attempt, and in the first', () => {
  for (const attempt of [0, 1, 16]) {
    const t = begun().klp('klp_try', FIRST, 2, attempt).klp('klp_signals', FIRST, attempt);
    expect(codesOf(t, only)).toEqual(['KLP-SIGNALS']);
  }
});

it('catches a sleeper that its signal does not wake', () => {
  const asleep = () => {
    const t = begun().sched(1, 5, -2, TASK_INTERRUPTIBLE).klp('klp_try', FIRST, 1, ROUND);
    return t.klp('klp_signals', FIRST, ROUND).klp('klp_signal', 5);
  };
  expect(judge(asleep().klp('klp_try', FIRST, 1, ROUND + 1), only).violations).toMatchObject([
    { code: 'KLP-SIGNALS', task: 5, summary: 'was signalled in an interruptible sleep, and was not woken' },
  ]);
  const woken = asleep().klp('sched_wakeup', 5, 1, TASK_INTERRUPTIBLE);
  expect(codesOf(woken.klp('klp_try', FIRST, 1, ROUND + 1), only)).toEqual([]);
});

it('passes a signal to one that runs again, and to one that was woken while it fell asleep', () => {
  const signalled = (t: TraceBuilder) =>
    t
      .klp('klp_try', FIRST, 1, ROUND)
      .klp('klp_signals', FIRST, ROUND)
      .klp('klp_signal', 5)
      .klp('klp_try', FIRST, 1, ROUND + 1);
  const runsAgain = begun().sched(1, 5, -2, TASK_INTERRUPTIBLE).sched(1, -2, 5);
  expect(codesOf(signalled(runsAgain), only)).toEqual([]);
  const early = begun().klp('sched_wakeup', 5, 1, TASK_INTERRUPTIBLE).sched(1, 5, -2, TASK_INTERRUPTIBLE);
  expect(codesOf(signalled(early), only)).toEqual([]);
});

it('judges no task where a look at a flag may be out of date', () => {
  const t = begun().selfSwitch(3, U, P).klp('klp_try', FIRST, 2, ROUND).klp('klp_signals', FIRST, ROUND);
  const judged = new Judge(createOracles(t.scenario, only, 8));
  for (const r of t.klp('klp_signal', 3).records) judged.feed({ ...r });
  judged.end(quietEnd);
  expect(judged.violations).toEqual([]);
});
