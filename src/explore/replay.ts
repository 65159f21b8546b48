// SPDX-License-Identifier: GPL-2.0-only
/** Makes the execution of a token again: on coroutines, and by the record of that on real worker threads. */
import type { Execution } from '../engine/fibers/machine.js';
import { recordExecution } from '../engine/fibers/token_log.js';
import { replayOnThreads } from '../engine/threads/token_machine.js';
import { actorName } from '../machine/plan.js';
import type { Violation } from '../oracle/violation.js';
import { has } from '../schedule/mask.js';
import { ReplayScheduler } from '../schedule/replay.js';
import { UsageError } from '../util/fault.js';
import { type Doubt, judge, signatureOf } from './judge.js';
import { type Found, inOrder, Runner } from './runner.js';
import type { Subject } from './subject.js';
import type { Token } from './token.js';

export interface Replayed {
  readonly runner: Runner;
  readonly execution: Execution;
  readonly violations: readonly Violation[];
  readonly doubt: Doubt | null;
  /** Of the heap at the end. */
  readonly stateHash: number;
  /** Step at which the record could not be followed; -1: it could. */
  readonly divergedAt: number;
  /** What was recorded there and what could be done instead, in words; '' if it could be followed. */
  readonly divergence: string;
}

function scheduleOf(token: Token): ReplayScheduler {
  const { actors, points, choices } = token.decisions;
  const segments = actors.map((actor, i) => ({ actor, points: points[i] as number }));
  return new ReplayScheduler(segments, choices);
}

export async function replay(subject: Subject, token: Token): Promise<Replayed> {
  const runner = await Runner.create(subject);
  runner.beginBatch();
  const scheduler = scheduleOf(token);
  scheduler.begin(runner.observed.plan.nrActors - 1);
  const { execution, judgement, checked } = runner.watch(scheduler, token.seed);
  return {
    runner,
    execution,
    violations: inOrder([...judgement.violations, ...checked]),
    doubt: judgement.doubt,
    stateHash: runner.observed.stateHash(),
    divergedAt: scheduler.divergedAt,
    divergence: divergenceOf(scheduler, (actor) => actorName(runner.observed.plan, actor)),
  };
}

function divergenceOf(s: ReplayScheduler, nameOf: (actor: number) => string): string {
  if (s.divergedAt < 0) return '';
  if (s.divergedActor < 0) return `operation ${s.divergedAt}: the recorded choice of a store is not there`;
  const others: string[] = [];
  for (let a = 0; a < 32; a++) if (has(s.divergedEnabled, a)) others.push(nameOf(a));
  return `operation ${s.divergedAt}: ${nameOf(s.divergedActor)} was to go on, but can not; ${others.join(', ')} can`;
}

/** A violation of a replay as a finding that can be explained. */
export function foundOf(token: Token, replayed: Replayed, violation: Violation): Found {
  return {
    execution: 0,
    scheduler: token.scheduler,
    signature: signatureOf(violation),
    violation,
    seed: token.seed,
    decisions: replayed.execution.decisions,
  };
}

export interface ThreadsReplayed {
  readonly end: string;
  readonly steps: number;
  readonly stateHash: number;
  readonly violations: readonly Violation[];
  /** Null: step by step as on coroutines. */
  readonly divergence: { readonly step: number; readonly actor: number; readonly what: string } | null;
  /** Where the record itself could not be followed before that, as on coroutines; '' if it could. */
  readonly recordDivergence: string;
  /** Changes of hands. */
  readonly handovers: number;
}

/** On real threads, one at a time as the record of the coroutines says; judged by the trace that the threads wrote. */
export async function replayThreads(subject: Subject, token: Token): Promise<ThreadsReplayed> {
  if (subject.memory !== 'sc' || subject.dropped.length > 0) {
    throw new UsageError([
      '--threads: real threads are sequentially consistent and have all barriers, so they cannot show what this token shows; leave --threads out',
    ]);
  }
  const { fast } = await Runner.create(subject);
  const scheduler = scheduleOf(token);
  scheduler.begin(fast.plan.nrActors - 1);
  const { maxSteps } = subject;
  const { execution, log } = recordExecution(fast, scheduler, { seed: token.seed, maxSteps });
  const made = await replayOnThreads(subject.trees, subject.scenario, token.seed, log, { maxSteps });
  /* Equal hashes: the heap of the coroutines is that of the threads. The trace is the one that the threads wrote. */
  const equal = made.divergence === null && made.hash === fast.stateHash();
  const seen = Object.assign(Object.create(fast) as typeof fast, { trace: made.trace });
  return {
    end: made.end,
    steps: made.steps,
    stateHash: made.hash,
    violations: equal
      ? inOrder(judge(seen, { ...execution, end: made.end, steps: made.steps }).violations)
      : [],
    divergence: made.divergence,
    recordDivergence: divergenceOf(scheduler, (actor) => actorName(fast.plan, actor)),
    handovers: execution.decisions.actors.length,
  };
}
