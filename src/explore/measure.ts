// SPDX-License-Identifier: GPL-2.0-only
/** How long the executions of a subject are. */
import { parseScheduler } from '../schedule/index.js';
import { actorSeed } from '../util/rng.js';
import type { Runner } from './runner.js';
import type { Subject } from './subject.js';

/** Nobody's executions are longer than so many times the typical one. */
const LONGEST = 12;
/** Of an execution that is measured, at most: a changed kernel may never come to its end. */
const MEASURED_STEPS = 100_000;

/** Operations of an execution: what PCT spreads its changes over, and after how many one is cut off. */
export function measure({ subject, fast }: Runner): Pick<Subject, 'steps' | 'maxSteps'> {
  const steps: number[] = [];
  for (let i = 0; i < 3; i++) {
    const scheduler = parseScheduler('random').create({ execution: i, seed: subject.seed, steps: 1000 });
    scheduler.begin(fast.plan.nrActors - 1);
    const seed = actorSeed(subject.seed, i);
    steps.push(fast.execute(scheduler, { seed, maxSteps: MEASURED_STEPS }).steps);
  }
  const typical = steps.sort((a, b) => a - b)[1] as number;
  return { steps: typical, maxSteps: LONGEST * typical };
}
