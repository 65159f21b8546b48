// SPDX-License-Identifier: GPL-2.0-only
/** Campaigns on compiled models, by names. */
import { exploreModel, type ModelOutcome } from '#src/engine/fibers/model_explore.js';
import { ModelMachine } from '#src/engine/fibers/model_machine.js';
import { loadModels } from '#src/engine/fibers/model_tree.js';
import { builtTrees } from '#src/engine/fibers/tree.js';
import { parseScheduler } from '#src/schedule/index.js';

const trees = {
  fast: await loadModels(builtTrees, 'fast'),
  observed: await loadModels(builtTrees, 'observed'),
};

export const families = trees.fast.families;

export function machineOf(
  name: string,
  sizes: readonly number[] = [],
  which: keyof typeof trees = 'observed',
): ModelMachine {
  return new ModelMachine(trees[which].make(name, ...sizes));
}

/** Searches exhaustively unless `executions` bounds it. */
export function campaign(
  name: string,
  scheduler: string,
  executions = Number.POSITIVE_INFINITY,
  sizes: readonly number[] = [],
): ModelOutcome {
  return exploreModel(machineOf(name, sizes), parseScheduler(scheduler), { executions });
}
