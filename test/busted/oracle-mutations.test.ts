// SPDX-License-Identifier: GPL-2.0-only
/** The model machine with one thing done wrong: an oracle says so within a budget of runs, with the code of that rule. */
import { expect, it } from 'vitest';
import { createOracles, Judge } from '#src/oracle/index.js';
import { quietEnd } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';
import { modelTrace } from '../support/trace/model_machine.js';
import type { Fault } from '../support/trace/model_world.js';

const STEPS = 6000;

/** Seeds until the code is seen. */
const faults: readonly (readonly [Fault, string, number])[] = [
  ['ignore-stack', 'KLP-SWITCH-ON-STACK', 5],
  ['switch-in-call', 'KLP-SWITCH-ON-STACK', 10],
  ['handler-uses-target', 'KLP-MIX-UNIT', 10],
  ['publish-first', 'KLP-WRONG-VERSION', 10],
  ['push-at-tail', 'KLP-WRONG-VERSION', 30],
  ['complete-early', 'KLP-INCOMPLETE', 10],
  ['fork-early', 'KLP-NO-FLAG', 40],
  ['flag-online-only', 'KLP-MISSED-SWITCH', 40],
  ['init-online-only', 'KLP-UNDEF', 20],
  ['no-sync-in-complete', 'KLP-UNDEF', 60],
  ['no-sync-in-reverse', 'KLP-WRONG-TARGET', 200],
  ['switch-offline-unlocked', 'KLP-MIX-UNIT', 600],
  ['free-early', 'KLP-UAF', 10],
  ['reader-ignores-writer', 'RWSEM-EXCL', 5],
];

function seedsUntil(fault: Fault, code: string, budget: number): number {
  const scenario = judgedScenario({ cpus: 3, online: 3 });
  for (let seed = 1; seed <= budget; seed++) {
    const judge = new Judge(createOracles(scenario));
    for (const r of modelTrace(scenario, { seed, steps: STEPS, fault, force: false })) judge.feed(r);
    judge.end(quietEnd);
    if (judge.violations.some((v) => v.code === code)) return seed;
  }
  return Number.POSITIVE_INFINITY;
}

it.each(faults)('%s is caught as %s within %i runs', (fault, code, budget) => {
  expect(seedsUntil(fault, code, budget)).toBeLessThanOrEqual(budget);
});
