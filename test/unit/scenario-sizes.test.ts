// SPDX-License-Identifier: GPL-2.0-only
/** CPUs and tasks that do not fit together. */
import { expect, it } from 'vitest';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

it('no more CPUs are online than possible', () => {
  const text = scenarioText({ machine: 'machine: {cpus: 4, online: 6}' });
  expect(problemsOf(text)).toEqual(['my.yaml:4:28: machine.online: must be at most cpus, which is 4; got 6']);
});

it('tells so although another key of the section is wrong too', () => {
  const text = scenarioText({ machine: 'machine: {cpus: 4, online: 6, retry_ms: 0, protocol: x}' });
  const problems = problemsOf(text);
  expect(problems.map((line) => line.split(': ')[1])).toEqual([
    'machine.online',
    'machine.retry_ms',
    'machine.protocol',
  ]);
});

it('no more CPUs stay online than are', () => {
  const text = scenarioText({
    machine: 'machine: {cpus: 4, online: 2}',
    control: 'control: {hotplug: {min_online: 3}}',
  });
  expect(problemsOf(text)).toEqual([
    'my.yaml:5:33: control.hotplug.min_online: must be at most the number of CPUs online at boot, which is 2; got 3',
  ]);
});

it('a million tasks are the most, all programs together', () => {
  const two = (n: number) =>
    scenarioText({
      programs: `programs: {a: {kind: sleeper, tasks: ${n}, stack: [f]}, b: {kind: sleeper, tasks: 500000, stack: [f]}}`,
    });
  expect(problemsOf(two(500_000))).toEqual([]);
  expect(problemsOf(two(500_001))).toEqual([
    'my.yaml:3:1: programs: start 1000001 tasks; the task table has room for 1000000',
  ]);
});
