// SPDX-License-Identifier: GPL-2.0-only
/** A scenario of a few functions, for tests that look at single words of a machine. Nothing in it is left to chance. */
import type { FunctionSpec, ProgramSpec, Scenario, Step } from '#src/scenario/types.js';

export function fn(name: string, body: readonly Step[] = [], traceable = true): FunctionSpec {
  return { name, traceable, body };
}

export function call(name: string, chance = 1): Step {
  return { op: 'call', fn: name, chance };
}

export function work(units: number, chance = 1): Step {
  return { op: 'work', units, chance };
}

const base: Scenario = {
  name: 'tiny',
  description: 'for tests',
  machine: {
    cpus: 2,
    online: 2,
    reliableStacks: true,
    unreliableChance: 0,
    hotplugLock: 'percpu-rwsem',
    protocol: 'mainline-6.12',
    preempt: 'voluntary',
    retryMs: 10,
    sliceSteps: 200,
    traceRecords: 4096,
    spareTasks: 4,
  },
  functions: [fn('sys_read', [work(1), call('vfs_read')]), fn('vfs_read', [work(2)])],
  patches: [{ name: 'fix_read', functions: [{ fn: 'vfs_read', body: null }] }],
  programs: [],
  idleCalls: [],
  control: {
    livepatch: { pauseMs: [1, 2], reverse: 0, force: 0, operations: 0 },
    hotplug: null,
    stutter: null,
    shuffle: null,
    wakers: null,
    readers: null,
  },
  explore: { cpus: 2, online: 2, tasks: 1, syscalls: 2, livepatch: 2, hotplug: 2, reverse: 0.3, without: [] },
  limits: { durationS: 1, hungTransitionS: 10, hungActorS: 10 },
  seed: 1,
};

export type TinyChanges = Partial<Omit<Scenario, 'machine'>> & {
  readonly machine?: Partial<Scenario['machine']>;
};

/** Two CPUs, one patched function, three user tasks that call the first function; and what the test needs otherwise. */
export function tinyScenario(changes: TinyChanges = {}): Scenario {
  const functions = changes.functions ?? base.functions;
  const entry = functions[0]?.name ?? '';
  const reader: ProgramSpec = {
    kind: 'user',
    name: 'reader',
    tasks: 3,
    syscalls: [{ fn: entry, weight: 1 }],
    userWork: 5,
    lifetime: 0,
  };
  return { ...base, programs: [reader], ...changes, machine: { ...base.machine, ...changes.machine } };
}
