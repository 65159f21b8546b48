// SPDX-License-Identifier: GPL-2.0-only
/** What a machine shares between its threads, and one actor's kernel handle over it. */
import { CONTROL_ROLES } from '../kernel/abi/actors.js';
import { type Counters, NR_COUNTERS } from '../kernel/abi/counters.js';
import { NR_LOCK_CLASSES } from '../kernel/abi/lock_classes.js';
import { percpu, task_struct } from '../kernel/abi/structs.js';
import type { Kernel, Task } from '../kernel/kernel.js';
import { NULL, type Ptr } from '../mem/layout.js';
import { protocolById } from '../protocol/index.js';
import type { Scenario } from '../scenario/types.js';
import { createLockStatBuffer, LockStat, type LockStatBuffer } from '../trace/lock_stat.js';
import { createTraceBuffers, type TraceBuffers, TraceWriter } from '../trace/ring.js';
import { clockSince, hostMs } from '../util/clock.js';
import { SimulatorBug } from '../util/fault.js';
import { audit } from './audit.js';
import type { Plan } from './plan.js';

/** Crosses to workers as it is: shared buffers and plain data. */
export interface MachineShared {
  readonly heap: SharedArrayBuffer;
  readonly trace: TraceBuffers;
  readonly lockStat: LockStatBuffer;
  readonly counters: SharedArrayBuffer;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly bootMs: number;
  readonly options: MachineOptions;
}

export interface MachineOptions {
  /** all: every event; global: only those that say what the machine did; off: none. */
  readonly trace: 'all' | 'global' | 'off';
  readonly lockStat: boolean;
}

/** Ring of the boot actor: every sleeper reports the patched functions that it sleeps in before there is a reader. */
function bootRecords(scenario: Scenario): number {
  const patched = new Set(scenario.patches.flatMap((p) => p.functions.map((f) => f.fn)));
  let records = scenario.machine.traceRecords;
  let needed = 16;
  for (const p of scenario.programs) {
    if (p.kind === 'sleeper') needed += p.tasks * p.stack.filter((fn) => patched.has(fn)).length;
  }
  while (records < needed) records *= 2;
  return records;
}

export function createShared(scenario: Scenario, plan: Plan, options: MachineOptions): MachineShared {
  return {
    heap: new SharedArrayBuffer(plan.heapWords * 4),
    trace: createTraceBuffers(plan.nrActors, scenario.machine.traceRecords, bootRecords(scenario)),
    lockStat: createLockStatBuffer(plan.nrActors, NR_LOCK_CLASSES),
    counters: new SharedArrayBuffer(plan.nrActors * NR_COUNTERS * 8),
    scenario,
    plan,
    bootMs: hostMs(),
    options,
  };
}

export function controlTask(plan: Plan, actor: number): Task {
  return (plan.bootTasks + (3 * plan.nrCpus + actor - plan.nrCpus) * task_struct.$words) as Task;
}

/** Boot-time task of a CPU: 0 idle, 1 cpuhp/N, 2 kworker/N. */
export function cpuTask(plan: Plan, cpu: number, which: 0 | 1 | 2): Task {
  return (plan.bootTasks + (which * plan.nrCpus + cpu) * task_struct.$words) as Task;
}

export function countersOf(shared: MachineShared, actor: number): Counters {
  return new Float64Array(shared.counters, actor * NR_COUNTERS * 8, NR_COUNTERS);
}

/** What an engine gives an actor. */
export interface ActorParts {
  readonly i32: Int32Array;
  readonly trace: Kernel['trace'];
  readonly lockdep: Kernel['lockdep'];
  readonly clock: Kernel['clock'];
}

/** The handle of one actor. Made by the thread that is the actor. */
export function kernelView(shared: MachineShared, actor: number): Kernel {
  const clock = clockSince(shared.bootMs);
  const trace = new TraceWriter(shared.trace, actor);
  trace.level(shared.options.trace);
  return makeKernel(shared, actor, {
    i32: new Int32Array(shared.heap),
    trace,
    lockdep: new LockStat(shared.lockStat, actor, () => clock.now_ns(), shared.options.lockStat),
    clock,
  });
}

export function makeKernel(shared: MachineShared, actor: number, parts: ActorParts): Kernel {
  const { plan, scenario } = shared;
  const protocol = protocolById(scenario.machine.protocol);
  if (protocol === undefined) throw new SimulatorBug(`no protocol ${scenario.machine.protocol}`);
  const is_cpu = actor < plan.nrCpus;
  return {
    i32: parts.i32,
    g: plan.g as Ptr<'vmlinux'>,
    actor,
    is_cpu,
    me: (plan.percpuBase + actor * percpu.$words) as Ptr<'percpu'>,
    percpu_base: plan.percpuBase,
    nr_cpus: plan.nrCpus,
    nr_actors: plan.nrActors,
    current: actor >= plan.nrActors ? NULL : is_cpu ? cpuTask(plan, actor, 0) : controlTask(plan, actor),
    preempt_count: 0,
    trace: parts.trace,
    lockdep: parts.lockdep,
    clock: parts.clock,
    cfg: plan.config,
    protocol,
    audit,
    count: countersOf(shared, actor),
    spins: 0,
  };
}

export function controlActor(plan: Pick<Plan, 'nrCpus'>, role: (typeof CONTROL_ROLES)[number]): number {
  return plan.nrCpus + CONTROL_ROLES.indexOf(role);
}
