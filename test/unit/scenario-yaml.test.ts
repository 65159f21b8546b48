// SPDX-License-Identifier: GPL-2.0-only
/** Texts that are no YAML, or YAML that means harm. */
import { expect, it } from 'vitest';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

it('tells where the syntax is wrong', () => {
  const problems = problemsOf('machine: {cpus: 4\nfunctions: [\n');
  expect(problems.length).toBeGreaterThan(0);
  for (const line of problems) expect(line).toMatch(/^my\.yaml:\d+:\d+: YAML: \S/);
});

it('names a key that stands twice', () => {
  const text = scenarioText({ x: 'seed: 1\nseed: 2' });
  expect(problemsOf(text)).toEqual([
    'my.yaml:5:1: YAML: the key seed is there already; keys of a map are unique',
  ]);
});

it.each([
  ['', 'got an empty file'],
  ['# nothing\n', 'got an empty file'],
  ['- a\n- b\n', 'got ["a", "b"]'],
  ['hello\n', 'got "hello"'],
])('%j is not a scenario', (text, got) => {
  expect(problemsOf(text)).toEqual([
    `my.yaml:1:1: a scenario is a map with name, description, machine, functions, patches, programs, idle, control, explore, limits, seed; ${got}`,
  ]);
});

it('takes one document', () => {
  const problems = problemsOf(`${scenarioText()}---\n${scenarioText()}`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('YAML: a second document begins here');
});

it('does not expand a bomb of aliases', () => {
  const level = (i: number) =>
    `k${i}: &a${i} [${Array.from({ length: 10 }, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(', ')}]`;
  const text = Array.from({ length: 12 }, (_, i) => level(i)).join('\n');
  expect(problemsOf(text).join('\n')).toContain('Excessive alias count');
});

it('survives an alias that contains itself', () => {
  const text = scenarioText({ functions: 'functions: {f: &x [*x]}' });
  expect(problemsOf(text)[0]).toContain('functions.f[0]: must be a step');
});

it('reads bodies through aliases, and tells of problems inside them', () => {
  const good = 'functions: {f: &body [work: 1], g: *body}';
  expect(problemsOf(scenarioText({ functions: good }))).toEqual([]);
  const bad = 'functions: {f: &body [work: 0], g: *body}';
  expect(problemsOf(scenarioText({ functions: bad }))).toEqual([
    'my.yaml:1:29: functions.f[0].work: must be an integer from 1 to 1000000; got 0',
    'my.yaml:1:29: functions.g[0].work: must be an integer from 1 to 1000000; got 0',
  ]);
});

it.each([
  ['flow lists', '['.repeat(100_000)],
  ['closed flow lists', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
])('survives %s nested thousands deep', (_what, text) => {
  expect(problemsOf(text).join('\n')).toContain('YAML: nested too deep');
});

it('has no names with a meaning of their own', () => {
  const functions =
    'functions: {f: [call: constructor], constructor: [call: __proto__], __proto__: [call: toString], toString: []}';
  expect(problemsOf(scenarioText({ functions }))).toEqual([]);
  expect(problemsOf(scenarioText({ x: '__proto__: 1' }))[0]).toContain('unknown key "__proto__"');
  expect(problemsOf(scenarioText({ functions: 'functions: {f: [call: hasOwnProperty]}' }))[0]).toContain(
    'there is no function "hasOwnProperty"',
  );
});
