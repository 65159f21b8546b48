// SPDX-License-Identifier: GPL-2.0-only
/** The call graph: functions that do not exist, cycles and depth, with all versions of a function together. */
import { expect, it } from 'vitest';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

it('tells of a call of a function that does not exist', () => {
  const text = scenarioText({ functions: 'functions:\n  f: [call: vfs_raed]\n  vfs_read: []' });
  expect(problemsOf(text)).toEqual([
    'my.yaml:2:13: functions.f[0].call: there is no function "vfs_raed": did you mean "vfs_read"? known: f, vfs_read',
  ]);
});

it('prints a cycle at the call that closes it', () => {
  const functions = 'functions:\n  f: [call: g]\n  g: [work: 1, call: h]\n  h: [{call: f, chance: 0.1}]';
  expect(problemsOf(scenarioText({ functions }))).toEqual([
    'my.yaml:4:14: functions.h[0].call: cycle in the call graph: f -> g -> h -> f; simulated functions must not recurse',
  ]);
});

it('finds a function that calls itself', () => {
  const text = scenarioText({ functions: 'functions: {f: [call: f]}' });
  expect(problemsOf(text)[0]).toContain('cycle in the call graph: f -> f');
});

it('finds a cycle that only a new body closes', () => {
  const patches = 'patches: {p: {functions: {g: [call: f]}}}';
  expect(problemsOf(scenarioText({ patches }))).toEqual([
    'my.yaml:2:37: patches.p.functions.g[0].call: cycle in the call graph: f -> g -> f; simulated functions must not recurse',
  ]);
});

const chain = (n: number) =>
  `functions:\n${Array.from({ length: n }, (_, i) => `  f${i}: [${i + 1 < n ? `call: f${i + 1}` : 'work: 1'}]`).join('\n')}\n  f: [call: f0]`;

it('takes 64 frames and no more', () => {
  expect(problemsOf(scenarioText({ functions: chain(63) }))).toEqual([]);
  const [problem, ...rest] = problemsOf(scenarioText({ functions: chain(64) }));
  expect(rest).toEqual([]);
  expect(problem).toContain(
    'my.yaml:66:3: functions.f: calls go 65 frames deep, at most 64 are possible: f -> f0 -> f1',
  );
});

it('does not visit a wide graph path by path', () => {
  /* 60 levels of two functions that both call both of the next: 2^60 ways through. */
  const level = (i: number) =>
    ['a', 'b'].map((n) => `  ${n}${i}: [call: a${i + 1}, call: b${i + 1}]`).join('\n');
  const levels = Array.from({ length: 60 }, (_, i) => level(i)).join('\n');
  const functions = `functions:\n${levels}\n  a60: []\n  b60: []\n  f: [call: a0]`;
  expect(problemsOf(scenarioText({ functions, idle: 'idle: [f]' }))).toEqual([]);
});
