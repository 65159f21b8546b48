// SPDX-License-Identifier: GPL-2.0-only
/** What a scenario is when its file says the least. */
import { expect, it } from 'vitest';
import { parse, scenarioText } from '../support/scenario_text.js';

it('fills every default in', () => {
  const s = parse(scenarioText());
  expect(s).toMatchObject({
    name: 'my',
    description: '',
    machine: {
      cpus: 4,
      online: 4,
      reliableStacks: true,
      unreliableChance: 0,
      hotplugLock: 'percpu-rwsem',
      protocol: 'mainline-6.12',
      preempt: 'full',
      retryMs: 20,
      sliceSteps: 400,
      traceRecords: 65536,
      spareTasks: 256,
    },
    idleCalls: [],
    control: {
      livepatch: { pauseMs: [5, 40], reverse: 0.2, force: 0, operations: 0 },
      hotplug: null,
      stutter: null,
      shuffle: null,
      wakers: null,
      readers: null,
    },
    explore: { cpus: 2, online: 2, tasks: 1, syscalls: 2, livepatch: 2, hotplug: 2, reverse: 0.3 },
    limits: { durationS: 30, hungTransitionS: 15, hungActorS: 10 },
    seed: 1,
  });
});

it('an empty section is on with its defaults, false is off, one number is a range', () => {
  const { control } = parse(
    scenarioText({
      c: 'control: {livepatch: {pause_ms: 7}, hotplug: , stutter: {}, shuffle: false, readers: {hold_us: 9}}',
    }),
  );
  expect(control).toEqual({
    livepatch: { pauseMs: [7, 7], reverse: 0.2, force: 0, operations: 0 },
    hotplug: { pauseMs: [20, 120], minOnline: 1, operations: 0 },
    stutter: { runMs: 2000, pauseMs: 100 },
    shuffle: null,
    wakers: null,
    readers: { pauseMs: [1, 5], holdUs: 9 },
  });
});

it('weights can be left out', () => {
  const [u] = parse(
    scenarioText({ programs: 'programs: {u: {kind: user, tasks: 1, syscalls: [f, g]}}' }),
  ).programs;
  expect(u).toEqual({
    kind: 'user',
    name: 'u',
    tasks: 1,
    syscalls: [
      { fn: 'f', weight: 1 },
      { fn: 'g', weight: 1 },
    ],
    userWork: 50,
    lifetime: 0,
  });
});

it('is plain data that crosses to workers', () => {
  const s = parse(scenarioText());
  expect(structuredClone(s)).toEqual(s);
});
