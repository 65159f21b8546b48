// SPDX-License-Identifier: GPL-2.0-only
/** All final states of a litmus test under an operational memory model. */
import { type ExplorableModel, type Exploration, explore } from '../../engine/fibers/weak/explore.js';
import { ScModel } from '../../engine/fibers/weak/sc.js';
import { TsoModel } from '../../engine/fibers/weak/tso.js';
import { ViewModel } from '../../engine/fibers/weak/view.js';
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
): Exploration {
  const machine = new LitmusMachine(program);
  return explore(modelOf(memory, machine.boards), machine, budgetExecutions);
}
