// SPDX-License-Identifier: GPL-2.0-only
/** What may be called from where: idle must not block, kthreads do not fork, sleepers stand in a call chain. */
import { expect, it } from 'vitest';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

it.each([
  ['sleep_ms: 1', 'sleep'],
  ['wait: c', 'wait'],
  ['fork: u', 'fork'],
  ['cond_resched', 'cond_resched'],
])('the idle task does not %s', (step, op) => {
  const text = scenarioText({ functions: `functions: {f: [call: g], g: [${step}]}`, idle: 'idle: [f]' });
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`the idle task must not ${op}, and it comes here: f -> g`);
});

it('the idle task does not sleep in a new body either', () => {
  const text = scenarioText({ patches: 'patches: {p: {functions: {g: [sleep_ms: 1]}}}', idle: 'idle: [f]' });
  expect(problemsOf(text)).toEqual([
    'my.yaml:2:41: patches.p.functions.g[0].sleep_ms: the idle task must not sleep, and it comes here: f -> g',
  ]);
});

it('the idle task works, calls and wakes', () => {
  const functions = 'functions: {f: [call: g, wake: c], g: [work: 1]}';
  expect(problemsOf(scenarioText({ functions, idle: 'idle: [f]' }))).toEqual([]);
});

it('kthreads do not fork, user tasks do', () => {
  const functions = 'functions: {f: [call: g], g: [fork: u]}';
  expect(problemsOf(scenarioText({ functions }))).toEqual([]);
  const programs =
    'programs: {u: {kind: user, tasks: 1, syscalls: [f]}, k: {kind: kthread, tasks: 1, calls: [f]}}';
  expect(problemsOf(scenarioText({ functions, programs }))).toEqual([
    'my.yaml:1:37: functions.g[0].fork: only user tasks fork, but the kthread "k" comes here: f -> g',
  ]);
});

it('only programs of kind user are forked', () => {
  const programs =
    'programs: {u: {kind: user, tasks: 1, syscalls: [f]}, k: {kind: kthread, tasks: 1, calls: [g]}}';
  const text = scenarioText({ functions: 'functions: {f: [fork: k], g: []}', programs });
  expect(problemsOf(text)[0]).toContain('"k" is a kthread; only programs of kind user can be forked');
});

it('the stack of a sleeper is one that calls can make', () => {
  const sleeper = (stack: string) =>
    scenarioText({ programs: `programs: {s: {kind: sleeper, tasks: 3, stack: ${stack}}}` });
  expect(problemsOf(sleeper('[f, g]'))).toEqual([]);
  expect(problemsOf(sleeper('[g]'))).toEqual([]);
  expect(problemsOf(sleeper('[f, h]'))).toEqual([
    'my.yaml:3:52: programs.s.stack[1]: "f" does not call "h"; known: g',
  ]);
  expect(problemsOf(sleeper('[f, x]'))[0]).toContain('there is no function "x"');
  expect(problemsOf(sleeper('[]'))[0]).toContain('must have 1 to 64 function names; got 0');
});
