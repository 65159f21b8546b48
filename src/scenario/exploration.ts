// SPDX-License-Identifier: GPL-2.0-only
/** The small run of a scenario that an exploration repeats under one schedule after another. */
import type { FunctionSpec, ProgramSpec, Scenario } from './types.js';

/** Period of the retry work, ms of virtual time: nothing waits for it really, so it can be short. */
const RETRY_MS = 2;
/** Longest pause of a control path between two operations, ms of virtual time: an operation takes a microsecond. */
const PAUSE_MS = 0.5;
/** Of those who take the hotplug lock as readers, ms of virtual time: now and then one comes in an operation's way. */
const READER_PAUSE_MS = [0, RETRY_MS] as const;
/** A driver with data of its own comes again and again: what matters is the end of its section, and of the writer's. */
const DRIVER_PAUSE_MS = [0, 0.05] as const;
const TRACE_RECORDS = 64;

const NAP: FunctionSpec = {
  name: 'klptorture_nap',
  traceable: false,
  body: [{ op: 'sleep', ms: 1, interruptible: true, chance: 1 }],
};

/** Done again with a smaller `explore`, it gives what the whole scenario gives with that. */
export function forExploration(whole: Scenario): Scenario {
  const { explore, machine, control } = whole;
  const scenario = { ...whole, patches: whole.patches.filter((p) => !explore.without.includes(p.name)) };
  const cpus = Math.min(explore.cpus, machine.cpus);
  const pauseMs: readonly [number, number] = [0, PAUSE_MS];
  const hotplug =
    control.hotplug === null || explore.hotplug === 0
      ? null
      : { pauseMs, minOnline: Math.min(control.hotplug.minOnline, cpus), operations: explore.hotplug };
  return {
    ...scenario,
    machine: {
      ...machine,
      cpus,
      online: Math.min(explore.online, machine.online, cpus),
      retryMs: RETRY_MS,
      traceRecords: TRACE_RECORDS,
      spareTasks: Math.min(machine.spareTasks, 8),
    },
    functions: [...scenario.functions.filter((f) => f.name !== NAP.name), NAP],
    programs: scenario.programs.map((p) => small(p, explore)),
    control: {
      livepatch: {
        ...control.livepatch,
        pauseMs,
        reverse: explore.reverse,
        ...(explore.force === undefined ? {} : { force: explore.force }),
        ...(explore.fail === undefined ? {} : { fail: explore.fail }),
        operations: explore.livepatch,
      },
      hotplug,
      stutter: null,
      shuffle: null,
      wakers: explore.wakers === false ? null : wakers(scenario),
      /* Livepatch's own sections seldom meet: the lock is contended by others than it and hotplug. */
      readers:
        control.readers === null || hotplug === null
          ? null
          : {
              ...control.readers,
              pauseMs: control.readers.data === true ? DRIVER_PAUSE_MS : READER_PAUSE_MS,
              holdUs: 2,
            },
    },
  };
}

/** Tasks that sleep on a channel must be woken by somebody although the tasks that do it have come to their end. */
function wakers(scenario: Scenario): Scenario['control']['wakers'] {
  const names = new Set<string>();
  const bodies = [
    ...scenario.functions.map((f) => f.body),
    ...scenario.patches.flatMap((p) => p.functions.map((f) => f.body ?? [])),
  ];
  for (const step of bodies.flat()) if (step.op === 'wait' || step.op === 'wake') names.add(step.channel);
  return names.size === 0 ? null : { everyMs: 2 * RETRY_MS, channels: names.size };
}

function small(program: ProgramSpec, explore: Scenario['explore']): ProgramSpec {
  const tasks = explore.without.includes(program.name) ? 0 : Math.min(program.tasks, explore.tasks);
  if (program.kind !== 'user') return { ...program, tasks };
  const lifetime = program.lifetime === 0 ? explore.syscalls : Math.min(program.lifetime, explore.syscalls);
  /* Every other system call is a nap, so that a few calls span the transitions of the run and hog no CPU. */
  const calls = program.syscalls.filter((s) => s.fn !== NAP.name);
  const weight = calls.reduce((sum, s) => sum + s.weight, 0);
  return { ...program, tasks, lifetime, syscalls: [...calls, { fn: NAP.name, weight }] };
}
