// SPDX-License-Identifier: GPL-2.0-only
/** Steps of a function body: every form that is right, and what is said of those that are not. */
import { expect, it } from 'vitest';
import { parse, problemsOf, scenarioText } from '../support/scenario_text.js';

const body = (step: string) => scenarioText({ functions: `functions: {f: [${step}], g: [], h: []}` });

const right: readonly (readonly [text: string, step: object])[] = [
  ['work: 20', { op: 'work', units: 20, chance: 1 }],
  ['{work: 20, chance: 0.5}', { op: 'work', units: 20, chance: 0.5 }],
  ['call: g', { op: 'call', fn: 'g', chance: 1 }],
  ['sleep_ms: 2', { op: 'sleep', ms: 2, interruptible: true, chance: 1 }],
  ['{sleep_ms: 2, state: D, chance: 0.01}', { op: 'sleep', ms: 2, interruptible: false, chance: 0.01 }],
  ['wait: pipe', { op: 'wait', channel: 'pipe', chance: 1 }],
  ['wake: pipe', { op: 'wake', channel: 'pipe', chance: 1 }],
  ['cond_resched', { op: 'cond_resched', chance: 1 }],
  ['{cond_resched: true, chance: 0.5}', { op: 'cond_resched', chance: 0.5 }],
  ['{cond_resched: , chance: 0.5}', { op: 'cond_resched', chance: 0.5 }],
  ['fork: u', { op: 'fork', program: 'u', chance: 1 }],
];

it.each(right)('%s', (text, step) => {
  expect(parse(body(text)).functions[0]?.body).toEqual([step]);
});

const wrong: readonly (readonly [text: string, problem: string])[] = [
  ['{slep_ms: 3}', 'my.yaml:1:18: functions.f[0].slep_ms: unknown step "slep_ms": did you mean "sleep_ms"?'],
  ['cond_reshed', 'my.yaml:1:17: functions.f[0]: unknown step "cond_reshed": did you mean "cond_resched"?'],
  ['{work: 1, call: g}', 'a step does one thing, this one work and call; make it 2 steps'],
  ['7', 'must be a step: cond_resched, or a map with one of work, call,'],
  ['{}', 'must be a step: cond_resched, or a map with one of work, call,'],
  ['{chance: 0.5}', 'unknown step "chance"'],
  ['work: 0', 'my.yaml:1:23: functions.f[0].work: must be an integer from 1 to 1000000; got 0'],
  ['work: 2000000', 'functions.f[0].work: must be an integer from 1 to 1000000'],
  ['sleep_ms: 0.5', 'functions.f[0].sleep_ms: must be an integer from 1 to 3600000'],
  ['{sleep_ms: 1, state: R}', 'functions.f[0].state: unknown value "R"; known: S, D'],
  ['{call: g, chance: 0}', 'functions.f[0].chance: must be a number from 0.00002 to 1; got 0'],
  ['{call: g, chance: 1.1}', 'functions.f[0].chance: must be a number from 0.00002 to 1; got 1.1'],
  ['{call: g, chanse: 0.1}', 'functions.f[0].chanse: unknown key "chanse": did you mean "chance"?'],
  ['call: [g]', 'functions.f[0].call: must be a name'],
  ['fork: x', 'functions.f[0].fork: there is no program "x"; known: u'],
];

it.each(wrong)('%s is refused', (text, problem) => {
  const problems = problemsOf(body(text));
  expect(problems.join('\n')).toContain(problem);
  expect(problems).toHaveLength(1);
});

it('counts steps and channels', () => {
  const steps = Array.from({ length: 257 }, () => 'cond_resched').join(', ');
  expect(problemsOf(body(steps)).join('\n')).toContain(
    'functions.f: has 257 steps; at most 256 are possible',
  );
  const waits = (n: number) => Array.from({ length: n }, (_, i) => `wake: c${i}`).join(', ');
  expect(problemsOf(body(waits(16)))).toEqual([]);
  expect(problemsOf(body(waits(17)))[0]).toContain('"c16" is one channel too many: at most 16 are possible');
});
