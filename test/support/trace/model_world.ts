// SPDX-License-Identifier: GPL-2.0-only
/**
 * A tiny machine that makes traces for the oracles: tasks, CPUs and control paths are generators that a random
 * scheduler interleaves between any two accesses to what they share. It knows nothing of the simulated kernel; it is a
 * second telling of the protocol, made to find false alarms of oracles, and with one thing broken at a time, to find
 * what they miss.
 */
import { KLP_UNDEFINED } from '#src/kernel/abi/constants.js';
import type { Scenario } from '#src/scenario/types.js';
import { EV, type EventName, GLOBAL_BIT, type TraceRecord } from '#src/trace/events.js';
import { Rng } from '#src/util/rng.js';

/** What one step of a task allows next: on: it may lose its CPU; off: it may not; sleep; idle: nothing to do. */
export type Step = 'on' | 'off' | 'sleep' | 'idle';
export type Program = Generator<Step, void, void>;
export type Control = Generator<void, void, void>;

export interface Frame {
  readonly func: number;
  readonly version: number;
}

/** One patch on a function; `below` is what lies under it, also after it was taken off, as on an RCU list. */
export interface StackEntry {
  readonly patch: number;
  below: StackEntry | null;
  transition: boolean;
}

export interface ModelTask {
  readonly pid: number;
  readonly kind: 'user' | 'kthread' | 'idle';
  state: number;
  flag: boolean;
  /** Innermost last; a function counts from the moment at which it was decided on until it has returned. */
  readonly stack: Frame[];
  blocked: boolean;
  /** Whoever looks at its stack keeps it from being woken. */
  pinned: boolean;
  /** CPU on whose queue it is, or that it ran on last. */
  cpu: number;
  program: Program;
}

export interface ModelCpu {
  readonly nr: number;
  readonly idle: ModelTask;
  curr: ModelTask;
  readonly queue: ModelTask[];
  /** Preemption is off. */
  off: boolean;
  /** Run queue lock. */
  locked: boolean;
  resched: boolean;
  online: boolean;
  /** Told to die; told to come back. */
  stop: boolean;
  boot: boolean;
  parked: boolean;
}

/** One thing that is done wrong. */
export type Fault =
  | 'ignore-stack'
  | 'fork-early'
  | 'no-sync-in-reverse'
  | 'no-sync-in-complete'
  | 'flag-online-only'
  | 'switch-offline-unlocked'
  | 'complete-early'
  | 'publish-first'
  | 'init-online-only'
  | 'handler-uses-target'
  | 'push-at-tail'
  | 'reader-ignores-writer'
  | 'free-early'
  | 'switch-in-call'
  | 'none';

export interface ModelOptions {
  readonly seed: number;
  readonly steps: number;
  readonly fault: Fault;
  readonly force: boolean;
}

export class World {
  readonly rng: Rng;
  readonly tasks: ModelTask[] = [];
  readonly cpus: ModelCpu[] = [];
  /** Topmost patch of each function. */
  readonly tops: (StackEntry | null)[];
  target = KLP_UNDEFINED;
  patch = -1;
  reliable: boolean;
  stopping = false;
  nextPid = 1;
  /** tasklist_lock and the hotplug lock. */
  readonly tasklist = { readers: 0, writer: false };
  readonly hotplug = { readers: 0, writer: false };
  private clock = 0;
  private readonly logs: { key: number; r: TraceRecord }[][] = [];

  constructor(
    readonly scenario: Scenario,
    readonly options: ModelOptions,
  ) {
    this.rng = new Rng(options.seed);
    this.tops = scenario.functions.map(() => null);
    this.reliable = scenario.machine.reliableStacks;
  }

  faulty(fault: Fault): boolean {
    return this.options.fault === fault;
  }

  functionsOf(patch: number): number[] {
    const names = this.scenario.patches[patch]?.functions.map((f) => f.fn) ?? [];
    return names.map((name) => this.scenario.functions.findIndex((f) => f.name === name));
  }

  emit(name: EventName, actor: number, task: number, ...payload: number[]): void {
    const ev = EV[name];
    const global = (ev & GLOBAL_BIT) !== 0;
    const seq = global ? this.clock++ : this.clock;
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = payload;
    let log = this.logs[actor];
    if (log === undefined) this.logs[actor] = log = [];
    log.push({ key: 2 * seq + (global ? 1 : 0), r: { seq, ev, actor, task, a, b, c, d, e } });
  }

  /** As a reader would merge it: by key, actors with equal keys in an order of chance. */
  trace(): TraceRecord[] {
    const rank = this.logs.map(() => this.rng.next());
    const all = this.logs.flatMap((log, actor) =>
      (log ?? []).map((x) => ({ ...x, rank: rank[actor] as number })),
    );
    return all.sort((x, y) => x.key - y.key || x.rank - y.rank).map((x) => x.r);
  }

  running(t: ModelTask): boolean {
    return this.cpus.some((c) => c.curr === t);
  }

  cpuOf(t: ModelTask): number {
    return this.cpus.find((c) => c.curr === t)?.nr ?? t.cpu;
  }

  wake(t: ModelTask): void {
    const online = this.cpus.filter((c) => c.online && !c.stop);
    const cpu = online[this.rng.below(online.length)] as ModelCpu;
    t.blocked = false;
    t.cpu = cpu.nr;
    cpu.queue.push(t);
    cpu.resched = true;
  }

  /** Interleaves the actors: mostly the same one goes on, so that long stretches meet. */
  run(actors: readonly Control[]): void {
    let at = 0;
    for (let step = 0; step < this.options.steps || this.patch >= 0; step++) {
      if (step > 20 * this.options.steps) break;
      if (step > this.options.steps) this.stopping = true;
      if (this.rng.chance(0.15)) at = this.rng.below(actors.length);
      (actors[at] as Control).next();
    }
  }
}
