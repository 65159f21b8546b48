// SPDX-License-Identifier: GPL-2.0-only
/** What the command line changes in a scenario. */
import { UsageError } from '../util/fault.js';
import { suggestion } from '../util/suggest.js';
import { limits } from './limits.js';
import type { HotplugLockFlavour, PreemptModel, ProgramSpec, Scenario } from './types.js';

export interface Overrides {
  /** Possible CPUs. CPUs that were offline at boot stay as many, as far as one is left online. */
  readonly cpus?: number;
  /** Tasks of kind user started at boot, all programs together; each keeps its share and at least one. */
  readonly tasks?: number;
  readonly protocol?: string;
  readonly hotplugLock?: HotplugLockFlavour;
  readonly durationS?: number;
  readonly seed?: number;
  readonly preempt?: PreemptModel;
  readonly retryMs?: number;
}

/** The scenario with the overrides in it. UsageError if the two do not go together. */
export function override(scenario: Scenario, overrides: Overrides, protocols: readonly string[]): Scenario {
  const { protocol } = overrides;
  const problems: string[] = [];
  if (protocol !== undefined && !protocols.includes(protocol)) {
    problems.push(`unknown protocol "${protocol}"${suggestion(protocol, protocols)}`);
  }
  const programs =
    overrides.tasks === undefined ? scenario.programs : shareTasks(scenario.programs, overrides.tasks);
  if (programs === null)
    problems.push(`scenario "${scenario.name}" starts no user tasks that could be made more or fewer`);
  const sum = (programs ?? []).reduce((n, { tasks }) => n + tasks, 0);
  if (sum > limits.tasks) problems.push(`${sum} tasks in all; the task table has room for ${limits.tasks}`);
  if (problems.length > 0 || programs === null) throw new UsageError(problems);
  return {
    ...scenario,
    machine: machineWith(scenario.machine, overrides),
    programs,
    control: controlWith(scenario, overrides),
    limits: { ...scenario.limits, durationS: overrides.durationS ?? scenario.limits.durationS },
    seed: overrides.seed ?? scenario.seed,
  };
}

function onlineWith(machine: Scenario['machine'], cpus: number): number {
  return Math.max(1, cpus - (machine.cpus - machine.online));
}

function machineWith(machine: Scenario['machine'], overrides: Overrides): Scenario['machine'] {
  const cpus = overrides.cpus ?? machine.cpus;
  return {
    ...machine,
    cpus,
    online: onlineWith(machine, cpus),
    protocol: overrides.protocol ?? machine.protocol,
    hotplugLock: overrides.hotplugLock ?? machine.hotplugLock,
    preempt: overrides.preempt ?? machine.preempt,
    retryMs: overrides.retryMs ?? machine.retryMs,
  };
}

/** Fewer CPUs than must stay online: then all of them must. */
function controlWith(scenario: Scenario, overrides: Overrides): Scenario['control'] {
  const { control, machine } = scenario;
  if (control.hotplug === null || overrides.cpus === undefined) return control;
  const minOnline = Math.min(control.hotplug.minOnline, onlineWith(machine, overrides.cpus));
  return { ...control, hotplug: { ...control.hotplug, minOnline } };
}

/** Largest remainders, so that the sum is exactly `total` unless there are more programs than tasks. */
function shareTasks(programs: readonly ProgramSpec[], total: number): readonly ProgramSpec[] | null {
  const scaled = programs.filter(({ kind, tasks }) => kind === 'user' && tasks > 0);
  const before = scaled.reduce((n, { tasks }) => n + tasks, 0);
  if (before === 0) return null;
  const exact = scaled.map(({ tasks }) => (tasks * total) / before);
  const shares = exact.map((n) => Math.max(1, Math.floor(n)));
  let left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((n, i) => ({ i, rest: n - Math.floor(n) })).sort((a, b) => b.rest - a.rest);
  for (const { i } of byRemainder) {
    if (left <= 0) break;
    shares[i] = (shares[i] as number) + 1;
    left--;
  }
  /* The minimum of one may have made the sum too large: the largest give way. */
  while (left < 0 && shares.some((n) => n > 1)) {
    shares[shares.indexOf(Math.max(...shares))]! -= 1;
    left++;
  }
  const byName = new Map(scaled.map(({ name }, i) => [name, shares[i] as number]));
  return programs.map((program) => ({ ...program, tasks: byName.get(program.name) ?? program.tasks }));
}
