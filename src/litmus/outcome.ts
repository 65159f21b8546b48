// SPDX-License-Identifier: GPL-2.0-only
/** One test from its text to what was found, and whether that is what its header says. */
import { Unfit } from './axiomatic/trace.js';
import { type Exploration, type LitmusModel, type ModelName, models } from './models.js';
import { parseLitmus } from './parse.js';
import type { Problem } from './problems.js';
import type { Program } from './program.js';

export type Observation = 'Never' | 'Sometimes' | 'Always';

/** `unjudged`: the header says nothing. `skipped`: it could not be read or is beyond the model; no verdict is given. */
export type Status = 'agrees' | 'differs' | 'unjudged' | 'skipped';

export type Outcome =
  | { readonly status: 'skipped'; readonly name: string; readonly problems: readonly Problem[] }
  | {
      readonly status: 'agrees' | 'differs' | 'unjudged';
      readonly name: string;
      readonly program: Program;
      readonly found: Exploration;
      readonly observation: Observation;
      /** The condition with its quantifier holds. */
      readonly valid: boolean;
      /** Where it differs: the other version of the model, if the header is right by that one. */
      readonly agreesBy: ModelName | null;
    };

/** Headers are as old as their tests: some say what an earlier or a later kernel's model finds. */
const otherVersion: { readonly [name: string]: ModelName | undefined } = {
  lkmm: 'lkmm-6.12',
  'lkmm-6.12': 'lkmm',
};

export function observationOf({ positive, negative }: Exploration): Observation {
  if (positive === 0) return 'Never';
  return negative === 0 ? 'Always' : 'Sometimes';
}

function isValid(program: Program, found: Exploration): boolean {
  switch (program.quantifier) {
    case 'exists':
      return found.positive > 0;
    case '~exists':
      return found.positive === 0;
    case 'forall':
      return found.negative === 0;
  }
}

/**
 * As the kernel's judgelitmus.sh: DEADLOCK is a test without executions, Maybe agrees with all. Where the header
 * expects a data race and there is one, the rest of the verdict does not count; a model that looks for none is judged
 * by the rest alone.
 */
function compare(
  program: Program,
  found: Exploration,
  model: LitmusModel,
): 'agrees' | 'differs' | 'unjudged' {
  const { expected, expectsRace } = program;
  const races = found.flags.includes('data-race');
  if (expectsRace && model.findsRaces) return races ? 'agrees' : 'differs';
  if (expected === null || expected === 'DATARACE') return 'unjudged';
  if (expected === 'Maybe') return 'agrees';
  if (expected === 'DEADLOCK') return found.positive + found.negative === 0 ? 'agrees' : 'differs';
  return expected === observationOf(found) ? 'agrees' : 'differs';
}

function agreesBy(program: Program, model: LitmusModel): ModelName | null {
  const name = otherVersion[model.name];
  if (name === undefined) return null;
  try {
    return compare(program, models[name].explore(program), models[name]) === 'agrees' ? name : null;
  } catch (fault) {
    if (!(fault instanceof Unfit)) throw fault;
    return null;
  }
}

/** `fallbackName` is used where not even a name can be read. */
export function runTest(source: string, model: LitmusModel, fallbackName: string): Outcome {
  const parsed = parseLitmus(source);
  if (parsed.kind === 'problems') {
    return { status: 'skipped', name: parsed.name ?? fallbackName, problems: parsed.problems };
  }
  const { program } = parsed;
  try {
    const found = model.explore(program);
    const observation = observationOf(found);
    const status = compare(program, found, model);
    return {
      status,
      name: program.name,
      program,
      found,
      observation,
      valid: isValid(program, found),
      agreesBy: status === 'differs' ? agreesBy(program, model) : null,
    };
  } catch (fault) {
    if (!(fault instanceof Unfit)) throw fault;
    return {
      status: 'skipped',
      name: program.name,
      problems: [{ line: 0, kind: 'unsupported', text: fault.message }],
    };
  }
}
