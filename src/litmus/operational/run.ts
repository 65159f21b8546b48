// SPDX-License-Identifier: GPL-2.0-only
/** All final states of a litmus test under an operational memory model. */
import {
  type ExplorableModel,
  explore,
  type Exploration as Machine,
} from '../../engine/fibers/weak/explore.js';
import { ScModel } from '../../engine/fibers/weak/sc.js';
import { TsoModel } from '../../engine/fibers/weak/tso.js';
import { ViewModel } from '../../engine/fibers/weak/view.js';
import { Unfit } from '../axiomatic/trace.js';
import { type Final, holds } from '../condition.js';
import type { Exploration, State } from '../models.js';
import type { Program } from '../program.js';
import { LitmusMachine } from './machine.js';

export const operationalMemories = ['sc', 'tso', 'weak'] as const;
export type OperationalMemory = (typeof operationalMemories)[number];

/** Models are kept: a view machine for small programs is some 100 kB. */
const models = new Map<string, ExplorableModel>();

function modelOf(memory: OperationalMemory, boards: number): ExplorableModel {
  const key = memory === 'weak' ? `weak ${boards}` : memory;
  let model = models.get(key);
  if (model !== undefined) return model;
  if (memory === 'sc') model = new ScModel();
  else if (memory === 'tso') model = new TsoModel();
  else {
    model = new ViewModel({
      words: 64,
      depth: 32,
      patience: Number.POSITIVE_INFINITY,
      reorderStores: true,
      staleFailures: true,
      boards,
    });
  }
  models.set(key, model);
  return model;
}

export function runOperational(
  program: Program,
  memory: OperationalMemory,
  budgetExecutions?: number,
): Machine {
  const machine = new LitmusMachine(program);
  return explore(modelOf(memory, machine.boards), machine, budgetExecutions);
}

/** More than this, some 40 s of work, and the test is beyond the machine. */
const BUDGET_EXECUTIONS = 1_000_000;

/** As the axiomatic models tell it; counts are of ways that differ in a state of the machine. Throws Unfit. */
export function exploreOperational(program: Program, memory: OperationalMemory): Exploration {
  const run = runOperational(program, memory, BUDGET_EXECUTIONS);
  if (!run.complete) throw new Unfit('too many executions');
  const states = new Map<string, State>();
  let [positive, negative] = [0, 0];
  for (const [key, count] of run.outcomes) {
    const values = key === '' ? [] : key.split(',').map(Number);
    const state = { values, count, positive: holds(program.condition, finalOf(program, values)) };
    states.set(key, state);
    if (state.positive) positive += count;
    else negative += count;
  }
  return { states, positive, negative, flags: [], candidates: run.executions };
}

/** A final state of which only the observed places are known: a condition speaks of no others. */
function finalOf(program: Program, values: readonly number[]): Final {
  const memory: number[] = [];
  const registers: number[][] = program.threads.map(() => []);
  program.observed.forEach((place, i) => {
    const value = values[i] as number;
    if (place.kind === 'word') memory[place.word] = value;
    else if (place.reg >= 0) (registers[place.thread] as number[])[place.reg] = value;
  });
  return { memory, registers };
}
