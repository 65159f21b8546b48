// SPDX-License-Identifier: GPL-2.0-only
/**
 * Replays recorded executions of coroutines on real threads: a worker for each actor, one of which runs at a time. The
 * token goes from worker to worker at the recorded steps, so that the same operations are made in the same order, on
 * memory that is shared. The workers live as long as the machine, and every replay starts from a copy of its heap.
 */
import { Piscina } from 'piscina';
import { MACHINE_RUNNING } from '../../kernel/abi/constants.js';
import { actorName } from '../../machine/plan.js';
import type { Scenario } from '../../scenario/types.js';
import { LockStat } from '../../trace/lock_stat.js';
import { SimulatorBug } from '../../util/fault.js';
import { fibersTuning } from '../fibers/machine.js';
import type { EndKind } from '../fibers/runtime.js';
import { STEP_NS } from '../fibers/runtime.js';
import { drawWords, hashWords, seedDraws } from '../fibers/state.js';
import { END_KINDS, ENTRY, type TokenLog } from '../fibers/token_log.js';
import type { FiberTrace } from '../fibers/trace.js';
import { type KernelTree, loadTree } from '../fibers/tree.js';
import { token } from './token_actor.js';
import { whereTheyStand } from './token_stall.js';
import { TokenTracer, TraceCopy } from './token_trace.js';
import {
  ACTOR_WORDS,
  createTokenShared,
  DIED,
  F,
  QUIT,
  readText,
  type TokenShared,
  W,
  writeLog,
} from './token_words.js';

export interface TokenOptions {
  /** Operations after which the recorded execution was cut. */
  readonly maxSteps: number;
}

export interface TokenReplay {
  readonly end: EndKind;
  readonly steps: number;
  /** Virtual time at the end, ns. */
  readonly now_ns: number;
  /** Of the heap, as FibersMachine.stateHash. */
  readonly hash: number;
  readonly trace: FiberTrace;
  /** What an actor threw, and which; null and -1 otherwise. */
  readonly error: { readonly name: string; readonly message: string; readonly stack: string } | null;
  readonly actor: number;
  /** The first difference from the record; `actor` ran then. Without it, hash, trace, steps and end are the recorded ones. */
  readonly divergence: { readonly step: number; readonly actor: number; readonly what: string } | null;
}

const tokenWorker = new URL('../../../workers/token.js', import.meta.url).href;
/** Without any change of hands. Only a mistake in the engine can take so long. */
const STALL_MS = 10_000;
/** For a thread to load its kernel, on a host that is busy with others. */
const LOAD_MS = 60_000;
const OPERATORS = 2;

export class TokenMachine {
  private readonly words: Int32Array;
  private readonly floats: Float64Array;
  private readonly log: Float64Array;
  private readonly heap: Int32Array;
  private readonly snapshot: Int32Array;
  private readonly bootRecords: number;
  private readonly drawWords: readonly number[];
  private readonly pool: Piscina;
  private readonly threads: number;
  private readonly records: Int32Array;
  private busy = false;
  private broken: SimulatorBug | null = null;

  /** Boots the machine and starts its threads. `trees`: folder with the compiled tree `token`. */
  static async create(trees: string, scenario: Scenario): Promise<TokenMachine> {
    const machine = new TokenMachine(await loadTree(trees, 'token'), trees, scenario);
    await machine.up();
    return machine;
  }

  private readonly shared: TokenShared;

  private constructor(
    private readonly tree: KernelTree,
    trees: string,
    scenario: Scenario,
  ) {
    const plan = tree.plan.planMachine(scenario, fibersTuning);
    const machine = tree.view.createShared(scenario, plan, { trace: 'all', lockStat: false });
    this.shared = createTokenShared(trees, machine, tree.structs);
    this.words = new Int32Array(this.shared.words);
    this.floats = new Float64Array(this.shared.floats);
    this.log = new Float64Array(this.shared.log);
    this.heap = new Int32Array(machine.heap);
    this.records = new Int32Array(this.shared.trace);
    this.threads = plan.nrActors - 1;
    this.boot();
    this.heap[this.shared.stateWord] = MACHINE_RUNNING;
    this.snapshot = this.heap.slice();
    this.bootRecords = this.words[W.records] as number;
    this.drawWords = drawWords(this.heap, plan, tree.structs);
    const { threads } = this;
    this.pool = new Piscina({
      filename: tokenWorker,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
    const actors = Array.from({ length: threads }, (_, actor) =>
      this.pool.run({ shared: this.shared, actor }),
    );
    for (const [actor, run] of actors.entries()) run.catch((cause: unknown) => this.died(actor, cause));
  }

  private died(actor: number, cause: unknown): void {
    const name = actorName(this.shared.machine.plan, actor);
    this.broken = new SimulatorBug(`the thread of ${name} died in a replay: ${String(cause)}`, { cause });
    for (const [word, value] of [
      [W.end, DIED],
      [W.ready, this.threads],
    ] as const) {
      Atomics.store(this.words, word, value);
      Atomics.notify(this.words, word);
    }
  }

  private boot(): void {
    const { machine } = this.shared;
    const actor = this.threads;
    const clock = { now_ns: () => token.now_ns() };
    const k = this.tree.view.makeKernel(machine, actor, {
      i32: this.heap,
      trace: new TokenTracer(this.shared.trace, this.words, actor, () => token.steps()),
      lockdep: new LockStat(machine.lockStat, actor, clock.now_ns, false),
      clock,
    });
    token.attach(this.shared, actor);
    token.runAlone();
    this.tree.bootMachine(k, machine);
  }

  private async up(): Promise<void> {
    for (let n = this.words[W.ready] as number; n < this.threads; n = Atomics.load(this.words, W.ready))
      await this.change(W.ready, n, LOAD_MS);
  }

  /** Resolves when the word is no longer `value`. Rejects if the token has not moved for `ms`. */
  private async change(word: number, value: number, ms: number): Promise<void> {
    let hands = this.words[W.hands] as number;
    while (Atomics.load(this.words, word) === value) {
      const waiting = waitAsync(this.words, word, value, ms);
      if (!waiting.async || (await waiting.value) !== 'timed-out') continue;
      const moved = this.words[W.hands] as number;
      if (moved === hands && Atomics.load(this.words, word) === value) {
        const where =
          word === W.ready
            ? `${value} of ${this.threads} threads came up`
            : whereTheyStand(this.shared, this.tree.sites);
        this.broken = new SimulatorBug(`a replay on threads stands still: ${where}`);
        throw this.broken;
      }
      hands = moved;
    }
    if (this.broken !== null) throw this.broken;
  }

  /** Rejects with a SimulatorBug if the engine itself fails; the machine is of no use then. One replay at a time. */
  async replay(seed: number, log: TokenLog, options: TokenOptions): Promise<TokenReplay> {
    if (this.broken !== null) throw this.broken;
    if (this.busy) throw new SimulatorBug('a machine makes one replay at a time');
    this.busy = true;
    this.begin(seed, log, options);
    await this.change(W.end, 0, STALL_MS);
    this.busy = false;
    return this.result(log);
  }

  private begin(seed: number, log: TokenLog, options: TokenOptions): void {
    const { words, floats } = this;
    const first = log.entries[0];
    if (first?.kind !== ENTRY.hand || !(first.actor >= 0 && first.actor < this.threads))
      throw new SimulatorBug('a record begins with the actor that comes first');
    writeLog(this.log, log);
    this.heap.set(this.snapshot);
    seedDraws(this.heap, this.drawWords, seed);
    const generation = (words[W.generation] as number) + 1;
    words.fill(0);
    words[W.generation] = generation;
    words[W.cursor] = 1;
    words[W.records] = this.bootRecords;
    words[W.alive] = (1 << this.threads) - 1;
    words[W.operators] = OPERATORS;
    words[W.maxSteps] = options.maxSteps;
    floats.fill(0);
    floats[F.seed] = seed;
    this.wake(first.actor);
  }

  private wake(actor: number): void {
    const turn = W.actors + actor * ACTOR_WORDS;
    Atomics.store(this.words, turn, 1);
    Atomics.notify(this.words, turn);
  }

  private result(log: TokenLog): TokenReplay {
    const { words } = this;
    const end = END_KINDS[Atomics.load(words, W.end) - 1] as EndKind;
    const steps = words[W.endStep] as number;
    const actor = words[W.endActor] as number;
    const hash = hashWords(this.heap);
    const copy = new TraceCopy(this.records, words[W.records] as number);
    const text = end === 'exception' || words[W.diverged] === 1 ? readText(this.shared, words) : '';
    let divergence = words[W.diverged] === 1 ? { step: steps, actor, what: text } : null;
    if (divergence === null && hash !== log.hash)
      divergence = { step: steps, actor, what: `ends with heap hash ${hash}, by the record ${log.hash}` };
    if (divergence === null && copy.hash() !== log.traceHash)
      divergence = { step: steps, actor, what: 'ends with another trace than the record' };
    return {
      end,
      steps,
      now_ns: (this.floats[F.base] as number) + steps * STEP_NS,
      hash,
      get trace() {
        return copy.trace;
      },
      error: end === 'exception' ? JSON.parse(text) : null,
      actor: end === 'exception' ? actor : -1,
      divergence,
    };
  }

  /** Ends the threads. */
  async dispose(): Promise<void> {
    this.words[W.generation] = QUIT;
    if (this.broken === null) {
      for (let actor = 0; actor < this.threads; actor++) this.wake(actor);
    }
    await this.pool.destroy();
  }
}

/** One replay; for several of the same scenario, a TokenMachine is made once. */
export async function replayOnThreads(
  trees: string,
  scenario: Scenario,
  seed: number,
  log: TokenLog,
  options: TokenOptions,
): Promise<TokenReplay> {
  const machine = await TokenMachine.create(trees, scenario);
  try {
    return await machine.replay(seed, log, options);
  } finally {
    await machine.dispose();
  }
}

type Waiting = { readonly async: false } | { readonly async: true; readonly value: Promise<string> };

/** Atomics.waitAsync, which the library of ES2023 does not name. */
function waitAsync(words: Int32Array, word: number, value: number, ms: number): Waiting {
  const atomics = Atomics as typeof Atomics & {
    waitAsync(words: Int32Array, word: number, value: number, ms: number): Waiting;
  };
  return atomics.waitAsync(words, word, value, ms);
}
