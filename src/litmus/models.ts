// SPDX-License-Identifier: GPL-2.0-only
/**
 * The memory models that a litmus test can be explored under. A model gets a program and finds its final states; a
 * further one, axiomatic or operational, is a line in `models`.
 */
import { exploreAxiomatic } from './axiomatic/explore.js';
import { createStrongJudge } from './axiomatic/strong.js';
import { createJudge } from './lkmm/axioms.js';
import { exploreOperational } from './operational/run.js';
import type { Program } from './program.js';

export interface State {
  /** Values of the program's observed places, in their order. */
  readonly values: readonly number[];
  /** Executions (or runs) that ended so. */
  readonly count: number;
  /** The condition holds. */
  readonly positive: boolean;
}

export interface Exploration {
  /** By the text of their values. */
  readonly states: ReadonlyMap<string, State>;
  /** Executions that satisfy the condition, and that do not. */
  readonly positive: number;
  readonly negative: number;
  /** Names of warnings, such as data-race; sorted. */
  readonly flags: readonly string[];
  /** Candidates that were looked at. */
  readonly candidates: number;
}

export interface LitmusModel {
  readonly name: string;
  readonly about: string;
  /** Looks for data races. */
  readonly findsRaces: boolean;
  /** Throws Unfit if the program is beyond this model. */
  explore(program: Program): Exploration;
}

export const models = {
  lkmm: {
    name: 'lkmm',
    about: "The Linux-kernel memory model of Linux 6.1, by its axioms: herd7's verdicts.",
    findsRaces: true,
    explore: (program) => exploreAxiomatic(program, createJudge()),
  },
  'lkmm-6.12': {
    name: 'lkmm-6.12',
    about:
      'The same as of Linux 6.12, without SRCU: dependencies go through own stores, order through increments.',
    findsRaces: true,
    explore: (program) => exploreAxiomatic(program, createJudge('6.12')),
  },
  tso: {
    name: 'tso',
    about: 'Total store order: stores wait in a buffer, as on x86.',
    findsRaces: false,
    explore: (program) => exploreAxiomatic(program, createStrongJudge('tso')),
  },
  sc: {
    name: 'sc',
    about: 'Sequential consistency: one order of all accesses.',
    findsRaces: false,
    explore: (program) => exploreAxiomatic(program, createStrongJudge('sc')),
  },
  weak: {
    name: 'weak',
    about:
      'The view machine that the bug finder runs on: within LKMM, but for stores that overtake earlier loads.',
    findsRaces: false,
    explore: (program) => exploreOperational(program, 'weak'),
  },
} as const satisfies Record<string, LitmusModel>;

export type ModelName = keyof typeof models;
export const modelNames = Object.keys(models) as readonly ModelName[];
