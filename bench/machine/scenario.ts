// SPDX-License-Identifier: GPL-2.0-only
/** The smallest scenario of a bench: one CPU, no control paths that act on their own, and the parts it is given. */
import type { FunctionSpec, PatchSpec, ProgramSpec, Scenario, Step } from '../../src/scenario/types.js';

export interface BenchParts {
  readonly functions: readonly FunctionSpec[];
  readonly patches?: readonly PatchSpec[];
  readonly programs?: readonly ProgramSpec[];
}

/** Longer than any bench: what must not happen by itself. ms. */
const NEVER_MS = 1e9;

export function benchScenario({ functions, patches = [], programs = [] }: BenchParts): Scenario {
  return {
    name: 'bench',
    description: 'One CPU and what a bench measures',
    machine: {
      cpus: 1,
      online: 1,
      reliableStacks: true,
      unreliableChance: 0,
      hotplugLock: 'percpu-rwsem',
      protocol: 'mainline-6.12',
      preempt: 'full',
      retryMs: 1000,
      sliceSteps: 400,
      traceRecords: 64,
      spareTasks: 4,
    },
    functions,
    patches,
    programs,
    idleCalls: [],
    control: {
      livepatch: { pauseMs: [NEVER_MS, NEVER_MS], reverse: 0, force: 0, operations: 0 },
      hotplug: null,
      stutter: null,
      shuffle: null,
      wakers: null,
      readers: null,
    },
    explore: { cpus: 2, online: 2, tasks: 1, syscalls: 2, livepatch: 2, hotplug: 2, reverse: 0, without: [] },
    limits: { durationS: 60, hungTransitionS: 60, hungActorS: 60 },
    seed: 1,
  };
}

export function call(fn: string): Step {
  return { op: 'call', fn, chance: 1 };
}

export function work(units: number): Step {
  return { op: 'work', units, chance: 1 };
}

export function fn(name: string, traceable: boolean, body: readonly Step[]): FunctionSpec {
  return { name, traceable, body };
}
