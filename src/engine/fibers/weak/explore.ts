// SPDX-License-Identifier: GPL-2.0-only
/**
 * Every interleaving of a small program, with every choice that a memory model offers: depth first by running again,
 * with a table of the states that were seen, so that a state is left only once. For programs that always end.
 */
import { SimulatorBug } from '../../../util/fault.js';
import type { MemoryModel } from '../memory_model.js';

/** A memory model that can tell two of its states apart. */
export interface ExplorableModel extends MemoryModel {
  /** Appends numbers that the future of what is left depends on, beside the heap. */
  fingerprint(into: number[], rest: Rest): void;
}

/** What is left of a program. */
export interface Rest {
  ended(actor: number): boolean;
  /** Whether an actor may still access this word. */
  uses(addr: number): boolean;
  /** Numbers of strong fences that the program keeps, if any: only how they compare is told apart. */
  fences?(): readonly number[];
}

/** A program as the explorer runs it. `reset` is called before each execution, after the model's. */
export interface SmallProgram extends Rest {
  readonly actors: number;
  /** Initial values of the heap. */
  readonly heap: readonly number[];
  reset(): void;
  /** Whether the actor can make its next step now (`heap` holds the newest value of each word). */
  enabled(actor: number, heap: Int32Array): boolean;
  step(actor: number, model: MemoryModel): void;
  /** Appends what its future depends on: places in the code, registers. */
  fingerprint(into: number[]): void;
  /** The final state as text; `heap` holds the last value of each word. Null: not to be counted. */
  outcome(heap: Int32Array): string | null;
}

export interface Exploration {
  /** The final states that were reached, and in how many ways, as far as those differ in a state of the model. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly executions: number;
  readonly states: number;
  /** Executions that ended with an actor blocked for ever. */
  readonly stuck: number;
  /** False: the budget ended first. */
  readonly complete: boolean;
}

/** One path of the search: the alternatives taken, and how many there were. */
class Path {
  readonly taken: number[] = [];
  readonly outOf: number[] = [];
  at = 0;

  readonly choose = (n: number): number => {
    if (n < 1) throw new SimulatorBug('a choice among nothing');
    if (this.at === this.taken.length) {
      this.taken.push(0);
      this.outOf.push(n);
    } else if (this.outOf[this.at] !== n)
      throw new SimulatorBug('the program does not run the same way twice');
    return this.taken[this.at++] as number;
  };

  /** To the next path in order; false if this was the last. */
  next(): boolean {
    while (this.taken.length > 0) {
      const last = this.taken.length - 1;
      const n = (this.taken[last] as number) + 1;
      if (n < (this.outOf[last] as number)) {
        this.taken[last] = n;
        return true;
      }
      this.taken.pop();
      this.outOf.pop();
    }
    return false;
  }
}

function keyOf(numbers: readonly number[]): string {
  const units = new Uint16Array(numbers.length * 2);
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i] as number;
    units[2 * i] = n & 0xffff;
    units[2 * i + 1] = n >>> 16;
  }
  return String.fromCharCode.apply(null, units as unknown as number[]);
}

/** `budgetExecutions`: most executions, whole ones and those that ended in a known state. */
export function explore(
  model: ExplorableModel,
  program: SmallProgram,
  budgetExecutions = Number.POSITIVE_INFINITY,
): Exploration {
  const heap = new Int32Array(program.heap.length);
  const path = new Path();
  const seen = new Set<string>();
  const outcomes = new Map<string, number>();
  const numbers: number[] = [];
  const ready: number[] = [];
  let executions = 0;
  let stuck = 0;

  const known = (): boolean => {
    numbers.length = 0;
    for (const v of heap) numbers.push(v);
    program.fingerprint(numbers);
    model.fingerprint(numbers, program);
    const key = keyOf(numbers);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };

  const run = (): void => {
    heap.set(program.heap);
    path.at = 0;
    model.reset(heap, program.actors, path.choose);
    program.reset();
    for (;;) {
      ready.length = 0;
      let left = 0;
      for (let a = 0; a < program.actors; a++) {
        if (!program.ended(a)) {
          left++;
          if (program.enabled(a, heap)) ready.push(a);
        }
        for (let i = 0; i < model.internal(a); i++) ready.push(-1 - a);
      }
      if (ready.length === 0) {
        if (left > 0) stuck++;
        else {
          const outcome = program.outcome(heap);
          if (outcome !== null) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        return;
      }
      const next = ready[ready.length === 1 ? 0 : path.choose(ready.length)] as number;
      if (next >= 0) program.step(next, model);
      else model.internalStep(-1 - next);
      if (path.at === path.taken.length && known()) return;
    }
  };

  do {
    if (executions === budgetExecutions) {
      return { outcomes, executions, states: seen.size, stuck, complete: false };
    }
    run();
    executions++;
  } while (path.next());
  return { outcomes, executions, states: seen.size, stuck, complete: true };
}
