// SPDX-License-Identifier: GPL-2.0-only
/**
 * In a small scenario a violation is found again easily: the shortest of many executions that show it is worth more
 * than the one that was followed down from a large scenario, with all that it did before.
 */
import { parseScheduler } from '../schedule/index.js';
import { ReplayScheduler } from '../schedule/replay.js';
import { actorSeed } from '../util/rng.js';
import { type Bench, type Reproduction, simpler } from './bench.js';

/** Nobody is preempted, or by few. */
const SCHEDULERS = ['', 'pct(2)', '', 'random(1/200)', 'pct(3)', '', 'random(1/50)', 'pct(4)'] as const;

export function findAnew(bench: Bench, start: Reproduction, tries: number): Reproduction {
  const { subject } = bench.runner;
  let best = start;
  for (let i = 0; i < tries && !bench.spent; i++) {
    const seed = actorSeed(subject.seed, i);
    const name = SCHEDULERS[i % SCHEDULERS.length] as string;
    const scheduler =
      name === ''
        ? new ReplayScheduler([])
        : parseScheduler(name).create({ execution: i, seed, steps: best.steps });
    const again = bench.attempt(scheduler, seed, best);
    if (again !== null && simpler(again, best)) best = again;
  }
  return best;
}
