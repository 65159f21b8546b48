// SPDX-License-Identifier: GPL-2.0-only
/** All problems of a file come at once, in the order of the file. */
import { expect, it } from 'vitest';
import { problemsOf } from '../support/scenario_text.js';

const text = `machine: {cpus: 4, online: 5, cpuz: 3}
functions:
  a: [call: b, slep_ms: 1]
  b: [call: a]
  b: [work: 1]
  c: [{work: -1}, call: nowhere]
patches:
  p: {functions: [d]}
programs:
  u: {kind: user, tasks: -1, syscalls: {e: 1}}
control:
  livepatch: {pause_ms: [2, 1]}
limits: {duration_s: 0}
`;

it('lists them all', () => {
  const places = problemsOf(text).map((line) => line.split(': ').slice(0, 2).join(' '));
  expect(places).toEqual([
    'my.yaml:1:28 machine.online',
    'my.yaml:1:31 machine.cpuz',
    'my.yaml:3:16 functions.a[1].slep_ms',
    'my.yaml:5:3 YAML',
    'my.yaml:6:14 functions.c[0].work',
    'my.yaml:6:25 functions.c[1].call',
    'my.yaml:8:19 patches.p.functions[0]',
    'my.yaml:10:26 programs.u.tasks',
    'my.yaml:10:41 programs.u.syscalls.e',
    'my.yaml:12:25 control.livepatch.pause_ms',
    'my.yaml:13:22 limits.duration_s',
  ]);
});

it('counts what is beyond the first fifty', () => {
  const calls = Array.from({ length: 200 }, (_, i) => `call: x${i}`).join(', ');
  const problems = problemsOf(`functions: {f: [${calls}]}\npatches: {p: {functions: [f]}}\n`);
  expect(problems).toHaveLength(51);
  expect(problems[50]).toBe('my.yaml: and 150 more problems');
});
