// SPDX-License-Identifier: GPL-2.0-only
/**
 * What would have let a transition end, or a sleeper go on: events that did not happen are made to happen in the same
 * execution, at a place where it stood still, and random schedules go on from there. What ends then, and does not without,
 * was missing.
 */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { rt } from '../engine/fibers/runtime.js';
import { Watchdog } from '../inspect/watchdog.js';
import { TIF_NEED_RESCHED, TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { delayed_work, percpu, task_struct, vmlinux } from '../kernel/abi/structs.js';
import type { MissingEvent, Tried } from '../report/missing_text.js';
import { parseScheduler } from '../schedule/index.js';
import type { ExecutionEnd, Scheduler, ScheduleView } from '../schedule/scheduler.js';
import { EV, type TraceRecord } from '../trace/events.js';
import { AfterPrefix } from './after_prefix.js';
import { replayOf } from './bench.js';
import { lostWakeUp } from './explain_lost.js';
import type { Found, Runner } from './runner.js';
import { upTo } from './up_to.js';

/** Random schedules for each event. */
const TRIALS = 8;
/** Attempts after which all that can switch by themselves have had the time to. */
const SETTLED = 4;
/** Operations after the last attempt in which all come to rest. */
const AFTER = 600;
/** Tasks that are told of. */
const TOLD = 2;
const LONGER_STEPS = 6000;

interface Remedy {
  readonly event: string;
  apply(): void;
}

/** Null: it is no hang of a transition, or nothing that was tried is of any use. */
export function missingEvent(runner: Runner, found: Found): MissingEvent | null {
  if (found.violation.code === 'PROG-LOST-WAKEUP') return lostWakeUp(runner, found);
  if (found.violation.code !== 'PROG-HUNG-TRANSITION') return null;
  const { observed: machine, model, drops, subject } = runner;
  const replay = replayOf(found.decisions);
  replay.begin(machine.plan.nrActors - 1);
  const whole = machine.execute(replay, { seed: found.seed, maxSteps: subject.maxSteps, model, drops });
  const hung = new Watchdog(machine.shared, 0, machine.heap).hungTransition(whole.now_ns / 1e6, 0);
  if (hung === null) return null;
  const settled = standstill(machine);
  const at = settled ?? Math.min(lastTry(machine) + AFTER, whole.steps - 1);
  const pending = hung.pending.slice(0, TOLD);
  const cpus = pending.map((t) => ({ ...t, cpu: t.onCpu ?? (t.idle ? -t.pid - 1 : -1) }));
  const isArmed = machine.heap[machine.plan.g + vmlinux.klp_transition_work + delayed_work.pending] !== 0;
  const facts = cpus.map(
    (t) => `${t.name} ${t.pending ? 'has its flag' : 'has no TIF_PATCH_PENDING'}${where(machine, t.cpu)}`,
  );
  if (pending.length === 0) facts.push('all tasks have switched');
  if (settled === null)
    facts.push(
      isArmed ? 'the delayed work is armed, and its worker sleeps' : 'the delayed work is not armed',
    );
  const flagless = cpus.filter((t) => !t.pending);
  const idle = cpus.filter((t) => t.idle && t.cpu >= 0);
  const flag: Remedy = {
    event: `TIF_PATCH_PENDING of ${flagless.map((t) => t.name).join(', ')}`,
    apply: () => {
      for (const t of flagless) setFlag(runner, taskAt(machine, t.pid), TIF_PATCH_PENDING);
    },
  };
  const kick: Remedy = {
    event: `a kick of ${idle.map((t) => `cpu${t.cpu}`).join(', ')} (TIF_NEED_RESCHED, and a wake-up)`,
    apply: () => {
      for (const t of idle) kickCpu(runner, t.cpu);
    },
  };
  const both: Remedy = {
    event: 'both',
    apply: () => {
      flag.apply();
      kick.apply();
    },
  };
  const attempt: Remedy = {
    event: isArmed ? 'a wake-up of kworker' : 'the delayed work armed',
    apply: () => armWork(runner, isArmed),
  };
  const remedies = [
    ...(flagless.length > 0 ? [flag] : []),
    ...(idle.length > 0 ? [kick] : []),
    ...(flagless.length > 0 && idle.length > 0 ? [both] : []),
    ...(settled === null ? [attempt] : []),
  ];
  const prefix = upTo(found.decisions, at - 1);
  const tried = (remedy: Remedy | null): Tried => {
    let ends = 0;
    for (let nr = 0; nr < TRIALS; nr++) {
      const random = parseScheduler('random(1/50)').create({ execution: nr, seed: nr + 1, steps: at });
      const scheduler = new Intervening(new AfterPrefix(prefix, random), at, () => remedy?.apply());
      scheduler.begin(machine.plan.nrActors - 1);
      const maxSteps = Math.min(subject.maxSteps, 2 * whole.steps + LONGER_STEPS);
      machine.execute(scheduler, { seed: found.seed, maxSteps, model, drops });
      if (completedAfter(machine, at)) ends++;
    }
    return { event: remedy?.event ?? '', ends, of: TRIALS };
  };
  const without = tried(null);
  const all = remedies.map(tried).filter((t) => t.ends > without.ends);
  return all.length === 0 ? null : { facts, at, tried: all, without };
}

/** Step of an attempt late enough in the last transition; null: there were not that many. */
function standstill({ trace }: FibersMachine): number | null {
  const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  let at: number | null = null;
  for (let i = 0; i < trace.length; i++) {
    trace.read(i, r);
    if (r.ev === EV.klp_started) at = null;
    else if (r.ev === EV.klp_try && r.c === SETTLED) at = trace.stepOf(i) + 1;
  }
  return at;
}

/** Step of the last attempt. */
function lastTry({ trace }: FibersMachine): number {
  const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  for (let i = trace.length - 1; i >= 0; i--) {
    trace.read(i, r);
    if (r.ev === EV.klp_try) return trace.stepOf(i);
  }
  return 0;
}

function completedAfter({ trace }: FibersMachine, step: number): boolean {
  const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  for (let i = trace.length - 1; i >= 0 && trace.stepOf(i) > step; i--) {
    trace.read(i, r);
    if (r.ev === EV.klp_completed) return true;
  }
  return false;
}

function perCpu({ plan }: FibersMachine, cpu: number, field: number): number {
  return plan.percpuBase + cpu * percpu.$words + field;
}

function where(machine: FibersMachine, cpu: number): string {
  if (cpu < 0) return '';
  const halted = machine.heap[perCpu(machine, cpu, percpu.halted)] !== 0;
  return halted
    ? `; cpu${cpu} is halted, and nobody asks it to reschedule`
    : `; it is the current task of cpu${cpu}`;
}

/** Idle tasks by their CPU, others by the task list. */
function taskAt({ plan, heap }: FibersMachine, pid: number): number {
  if (pid < 0) return heap[plan.percpuBase + (-pid - 1) * percpu.$words + percpu.idle] as number;
  const head = plan.g + vmlinux.init_tasks;
  for (let n = heap[head] as number, i = 0; n !== head && i < 10_000; n = heap[n] as number, i++) {
    const task = n - task_struct.tasks;
    if (heap[task + task_struct.pid] === pid) return task;
  }
  return 0;
}

function poke({ observed, model }: Runner, addr: number, value: number): void {
  observed.heap[addr] = value;
  model?.poke(addr, value);
}

function setFlag(runner: Runner, task: number, bit: number): void {
  if (task === 0) return;
  const addr = task + task_struct.thread_flags;
  poke(runner, addr, (runner.observed.heap[addr] as number) | (1 << bit));
}

function kickCpu(runner: Runner, cpu: number): void {
  const { observed } = runner;
  setFlag(runner, observed.heap[perCpu(observed, cpu, percpu.idle)] as number, TIF_NEED_RESCHED);
  rt.wake(perCpu(observed, cpu, percpu.ipi), 1);
}

function armWork(runner: Runner, isArmed: boolean): void {
  const { plan, heap } = runner.observed;
  const work = plan.g + vmlinux.klp_transition_work;
  if (!isArmed) {
    poke(runner, work + delayed_work.expires_ms, 0);
    poke(runner, work + delayed_work.pending, 1);
    poke(runner, work + delayed_work.seq, (heap[work + delayed_work.seq] as number) + 1);
  }
  rt.wake(work + delayed_work.seq, 1);
}

/** Does something before an operation, once. */
class Intervening implements Scheduler {
  readonly name: string;
  readonly needsOperations: boolean;
  readonly asksOnWake: boolean;
  private done = false;

  constructor(
    private readonly inner: Scheduler,
    private readonly at: number,
    private readonly act: () => void,
  ) {
    this.name = inner.name;
    this.needsOperations = inner.needsOperations;
    this.asksOnWake = inner.asksOnWake;
  }

  begin(actors: number): boolean {
    this.done = false;
    return this.inner.begin(actors);
  }

  next(view: ScheduleView): number {
    const chosen = this.inner.next(view);
    if (!this.done && view.step >= this.at) {
      this.done = true;
      this.act();
    }
    return chosen;
  }

  quantum(): number {
    return this.done ? this.inner.quantum() : 0;
  }

  choose(n: number): number {
    return this.inner.choose(n);
  }

  end(end: ExecutionEnd): void {
    this.inner.end(end);
  }
}
