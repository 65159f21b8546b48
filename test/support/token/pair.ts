// SPDX-License-Identifier: GPL-2.0-only
/** The same scenario on both engines: coroutines to record an execution, threads to replay it. */
import { FibersMachine } from '#src/engine/fibers/machine.js';
import { type RecordOptions, recordExecution, type TokenLog } from '#src/engine/fibers/token_log.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { TokenMachine, type TokenReplay } from '#src/engine/threads/token_machine.js';
import { protocolNames } from '#src/protocol/index.js';
import { forExploration } from '#src/scenario/exploration.js';
import { loadScenario } from '#src/scenario/load.js';
import type { Scenario } from '#src/scenario/types.js';
import { defaultSchedule } from '#src/schedule/index.js';
import type { Scheduler } from '#src/schedule/scheduler.js';

/** Operations that PCT spreads its changes over. */
const TYPICAL = 10_000;

export function smallPreset(name: string, protocol = 'mainline-6.12'): Scenario {
  return forExploration(loadScenario(name, { protocol }, protocolNames));
}

export class TokenPair {
  private constructor(
    readonly fibers: FibersMachine,
    readonly threads: TokenMachine,
  ) {}

  static async create(
    scenario: Scenario,
    which: 'fast' | 'observed' = 'fast',
    trees: string = builtTrees,
  ): Promise<TokenPair> {
    const fibers = new FibersMachine(await loadTree(trees, which), scenario);
    return new TokenPair(fibers, await TokenMachine.create(trees, scenario));
  }

  /** Records what `scheduler`, or the default one of this number, does. */
  record(
    seed: number,
    options: Omit<RecordOptions, 'seed'>,
    scheduler: Scheduler = defaultSchedule(seed, 1, TYPICAL),
  ) {
    scheduler.begin(this.fibers.plan.nrActors - 1);
    return recordExecution(this.fibers, scheduler, { ...options, seed });
  }

  replay(seed: number, log: TokenLog, maxSteps: number): Promise<TokenReplay> {
    return this.threads.replay(seed, log, { maxSteps });
  }

  /** Records an execution and replays it: what each of them came to, in the same form. */
  async both(
    seed: number,
    maxSteps: number,
    scheduler?: Scheduler,
  ): Promise<{ recorded: Summary; replayed: Summary }> {
    const { execution, log } = this.record(seed, { maxSteps }, scheduler);
    const { fibers } = this;
    const recorded = {
      end: execution.end,
      steps: execution.steps,
      now_ns: execution.now_ns,
      hash: fibers.stateHash(),
      trace: recordsOf(fibers.trace),
      error: execution.error instanceof Error ? execution.error.message : null,
      actor: execution.actor,
      divergence: null,
    };
    const { end, steps, now_ns, hash, trace, error, actor, divergence } = await this.replay(
      seed,
      log,
      maxSteps,
    );
    const message = error?.message ?? null;
    return {
      recorded,
      replayed: { end, steps, now_ns, hash, trace: recordsOf(trace), error: message, actor, divergence },
    };
  }

  dispose(): Promise<void> {
    return this.threads.dispose();
  }
}

export interface Summary extends Omit<TokenReplay, 'trace' | 'error'> {
  /** All fields of every record, and its step. */
  readonly trace: readonly string[];
  readonly error: string | null;
}

function recordsOf(trace: TokenReplay['trace']): string[] {
  const r = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  return Array.from({ length: trace.length }, (_, i) => {
    trace.read(i, r);
    return `${Object.values(r).join(' ')} @${trace.stepOf(i)}`;
  });
}
