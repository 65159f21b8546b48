// SPDX-License-Identifier: GPL-2.0-only
/** What the command line changes in a scenario. */
import { expect, it } from 'vitest';
import { override } from '#src/scenario/overrides.js';
import type { Scenario } from '#src/scenario/types.js';
import { UsageError } from '#src/util/fault.js';
import { PROTOCOLS, parse, scenarioText } from '../support/scenario_text.js';

const programs = `programs:
  a: {kind: user, tasks: 6, syscalls: [f]}
  b: {kind: user, tasks: 3, syscalls: [f]}
  c: {kind: user, tasks: 1, syscalls: [f]}
  child: {kind: user, tasks: 0, syscalls: [f]}
  k: {kind: kthread, tasks: 2, calls: [f]}
  s: {kind: sleeper, tasks: 5, stack: [f]}`;
const base = parse(
  scenarioText({
    programs,
    machine: 'machine: {cpus: 4, online: 3}',
    control: 'control: {hotplug: {min_online: 2}}',
  }),
);

const tasksOf = (s: Scenario) => Object.fromEntries(s.programs.map((p) => [p.name, p.tasks]));
const withTasks = (tasks: number) => tasksOf(override(base, { tasks }, PROTOCOLS));
const withCpus = (cpus: number) => {
  const s = override(base, { cpus }, PROTOCOLS);
  return [s.machine.cpus, s.machine.online, s.control.hotplug?.minOnline];
};

it('nothing changes without any', () => {
  expect(override(base, {}, PROTOCOLS)).toEqual(base);
});

it('plain values take the place of the file', () => {
  const s = override(
    base,
    {
      protocol: 'online-only',
      hotplugLock: 'refcount',
      preempt: 'voluntary',
      retryMs: 7,
      durationS: 3,
      seed: 9,
    },
    PROTOCOLS,
  );
  const { protocol, hotplugLock, preempt, retryMs } = s.machine;
  expect([protocol, hotplugLock, preempt, retryMs, s.limits.durationS, s.seed]).toEqual([
    'online-only',
    'refcount',
    'voluntary',
    7,
    3,
    9,
  ]);
});

it('CPUs that are offline stay as many, and one stays online', () => {
  expect(withCpus(8)).toEqual([8, 7, 2]);
  expect(withCpus(2)).toEqual([2, 1, 1]);
  expect(withCpus(1)).toEqual([1, 1, 1]);
});

it('user tasks are shared out in proportion, the sum is kept, others stay', () => {
  expect(withTasks(20)).toEqual({ a: 12, b: 6, c: 2, child: 0, k: 2, s: 5 });
  expect(withTasks(7)).toEqual({ a: 4, b: 2, c: 1, child: 0, k: 2, s: 5 });
});

it('each program keeps one task', () => {
  expect(withTasks(3)).toMatchObject({ a: 1, b: 1, c: 1 });
  expect(withTasks(1)).toMatchObject({ a: 1, b: 1, c: 1 });
});

it('sums are exact whatever the number', () => {
  for (let n = 3; n < 200; n++) {
    const { a, b, c } = withTasks(n);
    expect((a ?? 0) + (b ?? 0) + (c ?? 0)).toBe(n);
  }
});

it('tells all that does not go together', () => {
  const sleepers = parse(scenarioText({ programs: 'programs: {s: {kind: sleeper, tasks: 5, stack: [f]}}' }));
  try {
    override(sleepers, { tasks: 5, protocol: 'mainline' }, PROTOCOLS);
    expect.unreachable();
  } catch (error) {
    expect((error as UsageError).problems).toEqual([
      'unknown protocol "mainline": did you mean "mainline-6.12"? known: mainline-6.12, mainline-4.12, online-only',
      'scenario "my" starts no user tasks that could be made more or fewer',
    ]);
  }
});

it('the task table stays as large as it is', () => {
  expect(() => override(base, { tasks: 1_000_000 }, PROTOCOLS)).toThrow(UsageError);
});
