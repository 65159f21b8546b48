// SPDX-License-Identifier: GPL-2.0-only
/** Makes the execution of a token again, on coroutines. */
import type { Execution } from '../engine/fibers/machine.js';
import type { Violation } from '../oracle/violation.js';
import { ReplayScheduler } from '../schedule/replay.js';
import { Runner } from './runner.js';
import type { Subject } from './subject.js';
import type { Token } from './token.js';

export interface Replayed {
  readonly execution: Execution;
  readonly violations: readonly Violation[];
  readonly doubt: string | null;
  /** Of the heap at the end. */
  readonly stateHash: number;
  /** Step at which the record could not be followed; -1: it could. */
  readonly divergedAt: number;
}

export async function replay(subject: Subject, token: Token): Promise<Replayed> {
  const runner = await Runner.create(subject);
  runner.beginBatch();
  const { actors, points, choices } = token.decisions;
  const scheduler = new ReplayScheduler(
    actors.map((actor, i) => ({ actor, points: points[i] as number })),
    choices,
  );
  scheduler.begin(runner.observed.plan.nrActors - 1);
  const { execution, judgement, checked } = runner.watch(scheduler, token.seed);
  return {
    execution,
    violations: [...judgement.violations, ...checked],
    doubt: judgement.doubt,
    stateHash: runner.observed.stateHash(),
    divergedAt: scheduler.divergedAt,
  };
}
