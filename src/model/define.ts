// SPDX-License-Identifier: GPL-2.0-only
/**
 * Models: small programs of actors over the memory interface (src/mem/heap.ts), in the kernel's part of the language,
 * so that the same compile step, runtime, schedulers and memory models run them as run the kernel.
 */
import type { Mem } from '../mem/heap.js';
import type { Field, Ptr, StructLayout } from '../mem/layout.js';
import { UsageError } from '../util/fault.js';

/** What an execution did wrong. Of an actor: -1 if it is nobody's in particular. */
export interface ModelViolation {
  readonly code: string;
  readonly summary: string;
  readonly actor: number;
}

/** Handle of one actor. */
export interface ModelCpu extends Mem {
  readonly actor: number;
  /** Of this execution, of all actors. */
  readonly failures: ModelViolation[];
}

export interface ModelActor<S extends string> {
  readonly name: string;
  /** Runs once in an execution: gets its handle, the words, and `args`. */
  readonly act: (k: ModelCpu, s: Ptr<S>, ...args: number[]) => void;
  readonly args: readonly number[];
}

export interface Model<S extends string = string> {
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** The words that the actors share. */
  readonly layout: StructLayout<S>;
  /** Values at the start; words that are not named are 0. */
  readonly initial: readonly (readonly [Field<S>, number])[];
  /** At most 32. */
  readonly actors: readonly ModelActor<S>[];
  /** Looks at the words after all actors have ended. */
  readonly verify: (word: (f: Field<S>) => number) => readonly ModelViolation[];
}

/** Models that differ in their sizes only. */
export interface ModelFamily {
  readonly name: string;
  readonly about: string;
  /** Names of the sizes, with the values that are taken if none are given. */
  readonly sizes: readonly { readonly name: string; readonly otherwise: number }[];
  readonly of: (...sizes: number[]) => Model;
}

const MAX_ACTORS = 32;

/** Checks a model. Throws UsageError with all that is wrong with it. */
export function defineModel<S extends string>(model: Model<S>): Model {
  const problems: string[] = [];
  const say = (what: string) => problems.push(`model "${model.name}": ${what}`);
  if (model.actors.length === 0) say('has no actors');
  if (model.actors.length > MAX_ACTORS)
    say(`has ${model.actors.length} actors, at most ${MAX_ACTORS} can run`);
  const names = new Set<string>();
  for (const { name, args } of model.actors) {
    if (names.has(name)) say(`has two actors "${name}"`);
    names.add(name);
    for (const arg of args)
      if (!Number.isInteger(arg)) say(`actor "${name}" gets ${arg}, which is no whole number`);
  }
  for (const [field, value] of model.initial) {
    if (!(field >= 0 && field < model.layout.$words))
      say(`sets word ${field}, it has ${model.layout.$words}`);
    if ((value | 0) !== value) say(`word ${field} cannot hold ${value}`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return model as unknown as Model;
}

/** A family of one model that has no sizes. */
export function single(model: Model): ModelFamily {
  return { name: model.name, about: model.about, sizes: [], of: () => model };
}

/** Notes a violation of this actor if `holds` is false; the execution goes on. */
export function must(k: ModelCpu, holds: boolean, code: string, summary: string): void {
  if (!holds) k.failures.push({ code, summary, actor: k.actor });
}

/** What `verify` returns. */
export function expected(holds: boolean, code: string, summary: string): readonly ModelViolation[] {
  return holds ? [] : [{ code, summary, actor: -1 }];
}
