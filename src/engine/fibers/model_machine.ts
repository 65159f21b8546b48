// SPDX-License-Identifier: GPL-2.0-only
/** Runs a compiled model under a scheduler, one execution after another. */
import { type Field, type Ptr, UNMAPPED_WORDS } from '../../mem/layout.js';
import type { Model, ModelCpu, ModelViolation } from '../../model/define.js';
import type { Scheduler } from '../../schedule/scheduler.js';
import type { MemoryModel } from './memory_model.js';
import type { AccessObserver } from './observer.js';
import { type Decisions, type EndKind, type Fiber, rt } from './runtime.js';

export interface ModelOptions {
  /** Operations after which an execution is cut. Default 10,000. */
  readonly maxSteps?: number;
  readonly model?: MemoryModel | null;
  readonly observer?: AccessObserver | null;
}

export interface ModelExecution {
  readonly end: EndKind;
  readonly steps: number;
  readonly decisions: Decisions;
  /** What actors and the end state did wrong; codes `deadlock`, `livelock` and `exception` are of the execution itself. */
  readonly violations: readonly ModelViolation[];
}

const BASE = UNMAPPED_WORDS as Ptr;
const NO_VIOLATIONS: readonly ModelViolation[] = [];

export class ModelMachine {
  readonly heap: Int32Array;
  readonly actors: number;
  private readonly initial: Int32Array;
  private readonly cpus: readonly ModelCpu[];
  private readonly failures: ModelViolation[] = [];
  private readonly fibers: Fiber[] = [];

  /** `model` comes from a compiled tree: its actors are coroutines, though its types do not say so. */
  constructor(readonly model: Model) {
    this.heap = new Int32Array(BASE + model.layout.$words);
    for (const [field, value] of model.initial) this.heap[BASE + field] = value;
    this.initial = this.heap.slice();
    this.actors = model.actors.length;
    const { heap, failures } = this;
    this.cpus = model.actors.map((_, actor) => ({ i32: heap, actor, failures }));
  }

  /** One execution. The scheduler has begun it; it is not told of its end. */
  execute(scheduler: Scheduler, options: ModelOptions = {}): ModelExecution {
    const { heap, actors, fibers, failures } = this;
    heap.set(this.initial);
    failures.length = 0;
    for (let a = 0; a < actors; a++) {
      const { act, args } = this.model.actors[a] as Model['actors'][number];
      fibers[a] = act(this.cpus[a] as ModelCpu, BASE, ...args) as unknown as Fiber;
    }
    rt.model = options.model ?? null;
    rt.observer = options.observer ?? null;
    rt.drops = null;
    rt.orders = null;
    rt.onExit = nothing;
    rt.onStuck = never;
    rt.onStandstill = nothing;
    rt.view.heap = heap;
    rt.model?.reset(heap, actors, rt.alternative);
    const end = rt.run(fibers, scheduler, options.maxSteps ?? 10_000);
    return { end, steps: rt.steps, decisions: rt.decisions, violations: this.judge(end) };
  }

  /** FNV-1a over the words: equal executions end in equal states. */
  stateHash(): number {
    let h = 0x811c9dc5;
    for (let i = BASE as number; i < this.heap.length; i++)
      h = Math.imul(h ^ (this.heap[i] as number), 0x01000193);
    return h >>> 0;
  }

  private judge(end: EndKind): readonly ModelViolation[] {
    if (end === 'done') {
      const wrong = this.model.verify(this.word);
      if (wrong.length === 0 && this.failures.length === 0) return NO_VIOLATIONS;
      return [...this.failures, ...wrong];
    }
    if (end === 'deadlock' || end === 'livelock') return [...this.failures, this.stuck(end)];
    if (end !== 'exception') return [...this.failures];
    const text = rt.error instanceof Error ? rt.error.message : String(rt.error);
    const summary = `${this.model.actors[rt.current]?.name} threw: ${text}`;
    return [...this.failures, { code: end, summary, actor: rt.current }];
  }

  private readonly word = (f: Field): number => this.heap[BASE + f] as number;

  private stuck(code: 'deadlock' | 'livelock'): ModelViolation {
    const left = this.model.actors.filter((_, a) => rt.isAlive(a)).map(({ name }) => name);
    const what =
      code === 'deadlock' ? 'wait for what nobody will do' : 'look again and again, and nothing changes';
    return { code, summary: `${left.join(', ')} ${what}`, actor: -1 };
  }
}

function nothing(): void {}

function never(): boolean {
  return false;
}
