// SPDX-License-Identifier: GPL-2.0-only
/** A key or value that the schema does not have is told of with its place and what is right. */
import { expect, it } from 'vitest';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

const cases: readonly (readonly [what: string, sections: Record<string, string>, problem: string])[] = [
  [
    'an unknown key at the top',
    { x: 'progams: {}' },
    'my.yaml:4:1: progams: unknown key "progams": did you mean "programs"?',
  ],
  [
    'an unknown key of a section',
    { x: 'machine: {cpu: 2}' },
    'my.yaml:4:11: machine.cpu: unknown key "cpu": did you mean "cpus"?',
  ],
  [
    'a wrong type',
    { x: 'machine: {cpus: four}' },
    'my.yaml:4:17: machine.cpus: must be an integer from 1 to 32; got "four"',
  ],
  [
    'more than 32 CPUs',
    { x: 'machine: {cpus: 64}' },
    'machine.cpus: must be an integer from 1 to 32; got 64',
  ],
  [
    'a fraction of a CPU',
    { x: 'machine: {cpus: 1.5}' },
    'machine.cpus: must be an integer from 1 to 32; got 1.5',
  ],
  [
    'a word that is not in the list',
    { x: 'machine: {hotplug_lock: percpu_rwsem}' },
    'machine.hotplug_lock: unknown value "percpu_rwsem": did you mean "percpu-rwsem"? known: percpu-rwsem, refcount',
  ],
  [
    'an unknown protocol',
    { x: 'machine: {protocol: mainlin}' },
    'machine.protocol: unknown protocol "mainlin": did you mean "mainline-6.12"?',
  ],
  [
    'a trace size that is no power of two',
    { x: 'machine: {trace_records: 5000}' },
    'must be a power of two from 4096',
  ],
  [
    'a section that is a list',
    { x: 'machine: [4]' },
    'my.yaml:4:10: machine: must be a map of cpus, online,',
  ],
  [
    'a zero duration',
    { x: 'limits: {duration_s: 0}' },
    'limits.duration_s: must be a number above 0, at most 604800; got 0',
  ],
  ['a negative limit', { x: 'limits: {hung_actor_s: -3}' }, 'limits.hung_actor_s: must be a number above 0'],
  ['no number at all', { x: 'limits: {duration_s: .nan}' }, 'limits.duration_s: must be a number above 0'],
  ['an infinite limit', { x: 'limits: {duration_s: .inf}' }, 'limits.duration_s: must be a number above 0'],
  [
    'an empty range',
    { x: 'control: {livepatch: {pause_ms: [40, 5]}}' },
    'my.yaml:4:33: control.livepatch.pause_ms: must be a number from 0 to 600000, or [min, max] with min <= max; got [40, 5]',
  ],
  [
    'a chance above 1',
    { x: 'control: {livepatch: {reverse: 2}}' },
    'control.livepatch.reverse: must be a number from 0 to 1',
  ],
  [
    'an unknown control path',
    { x: 'control: {stuter: {}}' },
    'unknown key "stuter": did you mean "stutter"?',
  ],
  [
    'a control path that is a word',
    { x: 'control: {hotplug: on}' },
    'control.hotplug: must be a map of pause_ms, min_online',
  ],
  [
    'a negative seed',
    { x: 'seed: -1' },
    'my.yaml:4:7: seed: must be an integer from 0 to 4294967295; got -1',
  ],
  ['an empty name', { x: "name: ''" }, 'name: must be a text of 1 to 64 letters; got ""'],
  [
    'a kind of program that does not exist',
    { programs: 'programs: {u: {kind: usr, tasks: 1}}' },
    'my.yaml:3:22: programs.u.kind: unknown kind "usr": did you mean "user"? known: user, kthread, sleeper',
  ],
  [
    'a program without a kind',
    { programs: 'programs: {u: {tasks: 1}}' },
    'my.yaml:3:12: programs.u.kind: is missing; it must be user',
  ],
  [
    'a key of another kind of program',
    { programs: 'programs: {u: {kind: user, tasks: 1, syscalls: [f], sleep_ms: 1}}' },
    'programs.u.sleep_ms: unknown key "sleep_ms"',
  ],
  [
    'a program without tasks',
    { programs: 'programs: {u: {kind: user, syscalls: [f]}}' },
    'my.yaml:3:12: programs.u.tasks: is missing; it must be an integer from 0 to 1000000',
  ],
  [
    'a weight of zero',
    { programs: 'programs: {u: {kind: user, tasks: 1, syscalls: {f: 0}}}' },
    'programs.u.syscalls.f: a weight must be a number above 0',
  ],
  [
    'a program that calls nothing',
    { programs: 'programs: {u: {kind: user, tasks: 1, syscalls: {}}}' },
    'programs.u.syscalls: is empty',
  ],
  [
    'a name that starts with a digit',
    { functions: 'functions: {f: [], g: [], h: [], 2x: []}' },
    '"2x" must be a name',
  ],
  [
    'no functions',
    { functions: '', patches: 'patches: {p: {functions: [f]}}', programs: '' },
    'functions: is missing; it must be a map of function names to bodies',
  ],
  ['no patches', { patches: '' }, 'patches: is missing'],
];

it.each(cases)('%s', (_what, sections, problem) => {
  const problems = problemsOf(scenarioText(sections));
  expect(problems.join('\n')).toContain(problem);
  expect(problems.filter((line) => !line.includes('there is no function'))).toHaveLength(1);
});
