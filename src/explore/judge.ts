// SPDX-License-Identifier: GPL-2.0-only
/** Was an execution of coroutines right? The oracles of the soak over its trace, and what its end says by itself. */
import type { Execution, FibersMachine } from '../engine/fibers/machine.js';
import { rt } from '../engine/fibers/runtime.js';
import { transitionFinding } from '../inspect/hung.js';
import { forgottenTask, lostWakeup } from '../inspect/standstill.js';
import { type HungTransition, Watchdog } from '../inspect/watchdog.js';
import { actorName } from '../machine/plan.js';
import { createOracles, Judge } from '../oracle/index.js';
import type { HungFinding, RunEnd } from '../oracle/oracle.js';
import type { Excuse, Violation } from '../oracle/violation.js';
import { EV, type TraceRecord } from '../trace/events.js';
import { callStack, KERNEL_CODE } from '../util/call_stack.js';
import { idlesForEver } from './idle_livelock.js';

/** Attempts at a completion after which a transition counts as hung: all that could switch had the time to. */
export const MANY_ATTEMPTS = 40;

/** Stale reads of a word in a row: a decision may look at one several times (klp_check_stack at the target). */
export const PATIENCE = 8;

/** Codes of what the end of an execution says by itself. */
export const END_CODES = ['EXPLORE-DEADLOCK', 'EXPLORE-LIVELOCK', 'KERNEL-BUG'] as const;

export interface Judgement {
  readonly violations: readonly Violation[];
  /** Why the execution says nothing for certain; null: it does. */
  readonly doubt: Doubt | null;
}

export interface Doubt {
  readonly text: string;
  /** Of those who hold a transition up, where it is that. */
  readonly excuses: readonly Excuse[];
}

/** By the decisions of an execution: the lost wake-up that has stopped it. */
const lost = new WeakMap<object, HungFinding>();

/** Ends an execution in which a wake-up or a task was lost, or whose transition has been tried again and again. */
export function watchExecutions(machine: FibersMachine): void {
  machine.onStandstill = (m) => {
    const found =
      lostWakeup(m.shared, m.heap, rt, () => new Watchdog(m.shared, 0, m.heap)) ??
      forgottenTask(m.shared, m.heap, rt);
    if (found === null) return;
    lost.set(rt.decisions, found);
    rt.stop();
  };
  machine.trace.tripEvent = EV.klp_try;
  machine.trace.tripLimit = MANY_ATTEMPTS;
  machine.trace.trip = () => rt.stop();
}

/** Nobody has a turn kept from it while all sleep: for so long of that time, ns, no operation waits for another. */
const HUNG_NS = 1e8;

const NEVER: Violation['sites'] = [];

const judges = new WeakMap<FibersMachine, Judge>();

/** With new oracles; which of them want which event is found out once. */
function judgeOf(machine: FibersMachine): Judge {
  const lag = rt.model?.name === 'weak' ? PATIENCE : 0;
  const oracles = createOracles(machine.scenario, undefined, lag);
  let known = judges.get(machine);
  if (known === undefined) {
    known = new Judge(oracles);
    judges.set(machine, known);
  } else known.restart(oracles);
  return known;
}

export function judge(machine: FibersMachine, execution: Execution): Judgement {
  const oracles = judgeOf(machine);
  const record: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  const { trace } = machine;
  for (let i = 0; i < trace.length; i++) {
    trace.read(i, record);
    oracles.feed(record);
  }
  const watchdog = new Watchdog(machine.shared, 0, machine.heap);
  const transition = execution.end === 'done' ? null : watchdog.hungTransition(execution.now_ns / 1e6, 0);
  oracles.end(runEnd(machine, execution, watchdog, transition));
  const violations = [...oracles.violations, ...endViolations(machine, execution, watchdog)];
  return { violations, doubt: violations.length > 0 ? null : doubtOf(execution, transition, oracles) };
}

function runEnd(
  machine: FibersMachine,
  execution: Execution,
  watchdog: Watchdog,
  transition: HungTransition | null,
): RunEnd {
  const found = lost.get(execution.decisions);
  const hung: HungFinding[] = [];
  /* One that was cut off in the middle of a transition has not tried for long enough, unless nobody will. */
  const cutOff = execution.end === 'step-bound' || execution.end === 'cut';
  const abandoned = transition !== null && watchdog.nobodyTries((a) => rt.sleptThrough(a) > HUNG_NS);
  if (execution.end === 'stopped' && found !== undefined) {
    hung.push(found);
  } else if (transition !== null && execution.end !== 'exception' && (!cutOff || abandoned)) {
    const starved = starvedCpus(machine, execution, watchdog);
    hung.push(transitionFinding(machine.shared, transition, watchdog.owners(), { abandoned, starved }));
  }
  if (cutOff || execution.end === 'stopped') hung.push(...hungActors(machine, watchdog));
  const settled = execution.end === 'done';
  return { stopped: settled ? 'duration' : 'hung', hung, dropped: 0, settled };
}

/** Operations in which an idle CPU that was kicked comes to its switch point, and a task out of a section. */
const ENOUGH = 300;

/** States of who waits for a lock that others may take before him, again and again: no spinlock here is fair. */
const OVERTAKEN: ReadonlySet<string> = new Set(['spin_lock', 'read_lock', 'write_lock']);

/**
 * CPUs that can go on and have had less than enough turns since the flags were last set, or whose turns went by before a
 * lock: neither priorities nor locks are fair.
 */
function starvedCpus(machine: FibersMachine, { decisions }: Execution, watchdog: Watchdog): Set<number> {
  const { trace, plan } = machine;
  const record: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  let from = 0;
  for (let i = 0; i < trace.length; i++) {
    trace.read(i, record);
    if (record.ev === EV.klp_started) from = trace.stepOf(i);
  }
  const turns = new Array<number>(plan.nrCpus).fill(0);
  let at = 0;
  decisions.actors.forEach((actor, i) => {
    at += decisions.points[i] as number;
    if (at > from && actor < plan.nrCpus)
      turns[actor] = (turns[actor] as number) + (decisions.points[i] as number);
  });
  const overtaken = new Set(watchdog.actors(0).flatMap((a) => (OVERTAKEN.has(a.state) ? [a.actor] : [])));
  return new Set(
    turns.flatMap((n, cpu) => ((n < ENOUGH || overtaken.has(cpu)) && rt.canGoOn(cpu) ? [cpu] : [])),
  );
}

/** Actors that wait for others who cannot come, while something else (a timer, a waker) keeps the machine going. */
function hungActors(machine: FibersMachine, watchdog: Watchdog): HungFinding[] {
  return watchdog
    .actors(0)
    .filter((a) => a.stuckSeconds !== null && a.state !== 'wait_event' && rt.sleptThrough(a.actor) > HUNG_NS)
    .map((a) => ({
      kind: a.actor < machine.plan.nrCpus ? 'cpu' : 'control',
      actor: a.actor,
      name: a.name,
      state: a.state,
      object: a.object,
      sinceMs: rt.sleptThrough(a.actor) / 1e6,
      owners: watchdog.owners(),
      pendingTasks: [],
    }));
}

function doubtOf(execution: Execution, transition: HungTransition | null, oracles: Judge): Doubt | null {
  const [suspicion] = oracles.suspicions.filter((s) => s.doubt);
  if (suspicion !== undefined)
    return { text: `${suspicion.code}: ${suspicion.text}`, excuses: suspicion.excuses ?? [] };
  if (execution.end === 'step-bound') return { text: 'cut off by the step bound', excuses: [] };
  if (execution.end === 'stopped' && transition !== null)
    return { text: 'a transition did not end', excuses: [] };
  return null;
}

/** Who waits for what, at a standstill. */
function endViolations(machine: FibersMachine, execution: Execution, watchdog: Watchdog): Violation[] {
  const seq = machine.trace.length;
  const at = (actor: number, text: string) => ({ label: 'waits', seq, actor, text });
  if (execution.end === 'exception') {
    const message = execution.error instanceof Error ? execution.error.message : String(execution.error);
    const name = actorName(machine.plan, execution.actor);
    return [
      {
        code: 'KERNEL-BUG',
        summary: `${name}: ${message}`,
        sites: [
          {
            label: 'BUG',
            seq,
            actor: execution.actor,
            text: callStack(KERNEL_CODE, asError(execution.error)).join(' < '),
          },
        ],
        task: null,
        cpu: execution.actor,
        seq,
        count: 1,
      },
    ];
  }
  const busy = execution.end === 'step-bound' ? idlesForEver(machine) : [];
  if (execution.end !== 'deadlock' && execution.end !== 'livelock' && busy.length === 0) return [];
  const alive = watchdog.actors(0).filter((a) => rt.isAlive(a.actor));
  const waiting = alive.filter((a) => !['idle', 'offline', 'wait_event', 'delayed_work'].includes(a.state));
  const text = (a: (typeof alive)[number]) => (a.object === '' ? a.state : `${a.state} (${a.object})`);
  const going = busy.map((cpu) => actorName(machine.plan, cpu));
  const nobody =
    busy.length === 0 ? 'nobody can go on' : `${going.join(', ')} only idle, and nobody else can go on`;
  const who = waiting.map((a) => `${a.name} in ${text(a)}`).join(', ');
  const owners = watchdog.owners();
  return [
    {
      code: execution.end === 'deadlock' ? 'EXPLORE-DEADLOCK' : 'EXPLORE-LIVELOCK',
      summary: `${nobody}: ${who === '' ? 'all sleep' : who}`,
      sites: waiting.length === 0 ? NEVER : waiting.map((a) => at(a.actor, text(a))),
      task: null,
      cpu: null,
      seq,
      count: 1,
      ...(owners.length === 0 ? {} : { hint: `locks held: ${owners.join(', ')}` }),
    },
  ];
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** What tells a finding apart from others: its rule and words, without the numbers that change from run to run. */
export function signatureOf(v: Violation): string {
  return `${v.code} ${v.summary.replace(/\d+(\.\d+)?/g, '#')}`;
}
