// SPDX-License-Identifier: GPL-2.0-only
/**
 * Hand-made traces, one step a line. Each step is one record in the order of the calls; a task runs on the CPU of its
 * number modulo four unless told otherwise, and what livepatch and hotplug do comes from their control paths.
 */
import { CPUHP_OFFLINE, CPUHP_ONLINE, KLP_PATCHED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { createOracles, Judge } from '#src/oracle/index.js';
import type { RunEnd } from '#src/oracle/oracle.js';
import type { Scenario } from '#src/scenario/types.js';
import { EV, type EventName, HOW, PHASE, SWITCH_POINT, type TraceRecord } from '#src/trace/events.js';

export const LIVEPATCH = 4;
export const HOTPLUG = 5;
const CPUS = 4;

/** Text of patch p: where mod_load puts it. */
export function textOf(patch: number): number {
  return 0x1000 * (patch + 1);
}
const TEXT_SIZE = 0x100;

export function idle(cpu: number): number {
  return -(1 + cpu);
}

export class TraceBuilder {
  readonly records: TraceRecord[] = [];
  private seq = 0;
  private readonly where = new Map<number, number>();
  private readonly ids: Map<string, number>;

  constructor(readonly scenario: Scenario) {
    this.ids = new Map(scenario.functions.map((f, id) => [f.name, id]));
  }

  /** From here on the task runs on `cpu`. */
  on(task: number, cpu: number): this {
    this.where.set(task, cpu);
    return this;
  }

  cpuOf(task: number): number {
    return task < 0 ? -task - 1 : (this.where.get(task) ?? task % CPUS);
  }

  emit(name: EventName, actor: number, task: number, ...payload: number[]): this {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = payload;
    this.records.push({ seq: ++this.seq, ev: EV[name], actor, task, a, b, c, d, e });
    return this;
  }

  private func(name: string): number {
    const id = this.ids.get(name);
    if (id === undefined) throw new Error(`the scenario has no function ${name}`);
    return id;
  }

  /* What tasks do. `version` 0 is the original, p + 1 that of patch p. */
  enter(task: number, fn: string, version: number, pc = version === 0 ? 16 : textOf(version - 1) + 4): this {
    return this.emit('func_enter', this.cpuOf(task), task, this.func(fn), version, pc);
  }
  exit(task: number, fn: string, version: number): this {
    return this.emit('func_exit', this.cpuOf(task), task, this.func(fn), version);
  }
  call(task: number, fn: string, version: number): this {
    return this.enter(task, fn, version).exit(task, fn, version);
  }
  handler(task: number, fn: string, version: number, transition: number, state: number): this {
    return this.emit('klp_handler', this.cpuOf(task), task, this.func(fn), version, transition, state);
  }
  syscallExit(task: number, state: number): this {
    return this.emit('syscall_exit', this.cpuOf(task), task, state);
  }
  switchPoint(task: number, state: number, kind: number = SWITCH_POINT.kernel_exit, pending = 0): this {
    return this.emit('switch_point', this.cpuOf(task), task, kind, state, pending);
  }
  idlePass(cpu: number, state: number): this {
    return this.emit('idle_pass', cpu, idle(cpu), cpu, state);
  }
  sched(cpu: number, prev: number, next: number, prevState = 0): this {
    return this.emit('sched_switch', cpu, prev, prev, next, prevState);
  }
  forked(parent: number, child: number, state: number, pending = 0): this {
    return this.emit('task_new', this.cpuOf(parent), parent, child, state, pending);
  }
  taskExit(task: number): this {
    return this.emit('task_exit', this.cpuOf(task), task, task);
  }
  /** At its switch point: the state changes, then the point is passed. */
  selfSwitch(task: number, from: number, to: number, kind: number = SWITCH_POINT.kernel_exit): this {
    this.emit('patch_state', this.cpuOf(task), task, task, from, to, HOW.self);
    return this.switchPoint(task, to, kind);
  }
  /** By another: its stack was looked at, or it was forced. */
  switched(task: number, from: number, to: number, how: number = HOW.stack_check): this {
    return this.emit('patch_state', LIVEPATCH, -104, task, from, to, how);
  }

  /* What livepatch does. */
  klp(name: EventName, ...payload: number[]): this {
    return this.emit(name, LIVEPATCH, -104, ...payload);
  }
  patchFunc(fn: string, patch: number): this {
    return this.klp('klp_patch_func', this.func(fn), patch);
  }
  unpatchFunc(fn: string, patch: number): this {
    return this.klp('klp_unpatch_func', this.func(fn), patch);
  }
  /** Another tracer takes a function, or gives it back. */
  tracer(fn: string, owns: boolean): this {
    return this.klp('tracer', this.func(fn), owns ? 1 : 0);
  }
  load(patch: number): this {
    return this.klp('mod_load', patch, textOf(patch), TEXT_SIZE);
  }
  free(patch: number): this {
    return this.klp('mod_free', patch, textOf(patch), TEXT_SIZE);
  }
  /** Up to the point at which all flags are set. */
  begin(patch: number, target: number): this {
    this.klp('klp_init', patch, target);
    if (target === KLP_PATCHED) for (const f of this.functionsOf(patch)) this.patchFunc(f, patch);
    return this.klp('klp_start', patch, target).klp('klp_started', patch, target);
  }
  /** A last try that finds nothing left, and completion. */
  complete(patch: number, target: number): this {
    this.klp('klp_try', patch, 0, 1).klp('klp_complete', patch, target);
    if (target === KLP_UNPATCHED) for (const f of this.functionsOf(patch)) this.unpatchFunc(f, patch);
    return this.klp('klp_completed', patch, target);
  }
  reverse(patch: number, from: number, to: number): this {
    this.klp('klp_reverse', patch, from, to).klp('klp_start', patch, to).klp('klp_started', patch, to);
    return this.klp('klp_reversed', patch, from, to);
  }
  private functionsOf(patch: number): string[] {
    return (this.scenario.patches[patch]?.functions ?? []).map((f) => f.fn);
  }

  /* What hotplug does. */
  hotplug(name: 'cpu_up' | 'cpu_down', cpu: number, phase: number, errno = 0, actor = HOTPLUG): this {
    const state = (name === 'cpu_up') === (errno === 0) ? CPUHP_ONLINE : CPUHP_OFFLINE;
    return this.emit(name, actor, -100 - actor, cpu, phase, errno, 0, phase === PHASE.end ? state : 0);
  }
  writer(phase: number, actor = HOTPLUG): this {
    return this.emit('rwsem_write', actor, -100 - actor, 1, phase);
  }
  reader(phase: number, actor = LIVEPATCH): this {
    return this.emit('rwsem_read', actor, -100 - actor, 1, phase);
  }
  online(cpu: number, on: boolean): this {
    return this.emit('cpu_online', cpu, idle(cpu), cpu, on ? 1 : 0);
  }
  disable(count: number): this {
    return this.emit('hotplug_disable', LIVEPATCH, -104, count);
  }
  /** A whole operation that succeeds. */
  up(cpu: number): this {
    this.hotplug('cpu_up', cpu, PHASE.begin).writer(PHASE.begin).emit('cpu_boot', cpu, idle(cpu), cpu);
    return this.online(cpu, true).writer(PHASE.end).hotplug('cpu_up', cpu, PHASE.end);
  }
  down(cpu: number): this {
    this.hotplug('cpu_down', cpu, PHASE.begin).writer(PHASE.begin).online(cpu, false);
    return this.emit('cpu_dead', cpu, idle(cpu), cpu).writer(PHASE.end).hotplug('cpu_down', cpu, PHASE.end);
  }
}

export const quietEnd: RunEnd = { stopped: 'duration', hung: [], dropped: 0 };

/** Feeds a trace to oracles; all of them by default. */
export function judge(trace: TraceBuilder, names?: readonly string[], end: RunEnd = quietEnd): Judge {
  const judged = new Judge(createOracles(trace.scenario, names));
  for (const r of trace.records) judged.feed({ ...r });
  judged.end(end);
  return judged;
}

export function codesOf(trace: TraceBuilder, names?: readonly string[], end: RunEnd = quietEnd): string[] {
  return judge(trace, names, end).violations.map((v) => v.code);
}
