// SPDX-License-Identifier: GPL-2.0-only
/** The parameters of a run as flat `key=value` words, in the style of the kernel's torture tests. */
import type { ProgramSpec, Scenario } from '../scenario/types.js';
import type { Environment, Parameters, ParameterValue } from './result.js';

/** All of a scenario, with defaults filled in. Names are the scenario's own, flattened and in snake_case. */
export function scenarioParameters(s: Scenario): Parameters {
  const { machine, control, limits } = s;
  const { livepatch, hotplug, stutter, shuffle, readers } = control;
  return {
    scenario: s.name,
    cpus: machine.cpus,
    online: machine.online,
    tasks: countTasks(s.programs, (p) => p.kind !== 'kthread'),
    kthreads: countTasks(s.programs, (p) => p.kind === 'kthread'),
    spare_tasks: machine.spareTasks,
    protocol: machine.protocol,
    hotplug_lock: machine.hotplugLock,
    preempt: machine.preempt,
    reliable_stacks: machine.reliableStacks,
    unreliable_chance: machine.unreliableChance,
    retry_ms: machine.retryMs,
    slice_steps: machine.sliceSteps,
    trace_records: machine.traceRecords,
    functions: s.functions.length,
    patches: s.patches.map((p) => `${p.name}:${p.functions.length}`).join(',') || 'none',
    programs: s.programs.map((p) => `${p.kind}:${p.name}:${p.tasks}`).join(',') || 'none',
    idle_calls: s.idleCalls.join(',') || 'none',
    klp_pause_ms: range(livepatch.pauseMs),
    reverse: livepatch.reverse,
    force: livepatch.force,
    fail: livepatch.fail ?? 0,
    onoff_pause_ms: hotplug === null ? 'off' : range(hotplug.pauseMs),
    min_online: hotplug === null ? 'off' : hotplug.minOnline,
    stutter_ms: stutter === null ? 'off' : `${stutter.runMs}/${stutter.pauseMs}`,
    shuffle_ms: shuffle === null ? 'off' : shuffle.everyMs,
    readers_pause_ms: readers === null ? 'off' : range(readers.pauseMs),
    readers_hold_us: readers === null ? 'off' : readers.holdUs,
    readers_data: readers?.data === true ? 'on' : 'off',
    duration_s: limits.durationS,
    hung_transition_s: limits.hungTransitionS,
    hung_actor_s: limits.hungActorS,
    seed: s.seed,
  };
}

function countTasks(programs: readonly ProgramSpec[], which: (p: ProgramSpec) => boolean): number {
  return programs.reduce((n, p) => (which(p) ? n + p.tasks : n), 0);
}

function range([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** `a=1 b=two c="with space"`. */
export function formatParameters(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key}=${formatValue(value)}`)
    .join(' ');
}

/** Quotes what would not stay one word. A user's names come through here, so nothing unprintable gets out. */
function formatValue(value: ParameterValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = String(value);
  return /^[\w.,:+/@%-]+$/.test(text) ? text : quote(text);
}

/** A JSON string that is plain ASCII. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The environment as parameters. */
export function environmentParameters(e: Environment): Parameters {
  return {
    node: e.node,
    cpu_model: e.cpuModel,
    cores: e.cores,
    platform: e.platform,
    memory_mib: Math.round(e.memoryBytes / 2 ** 20),
  };
}
