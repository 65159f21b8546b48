// SPDX-License-Identifier: GPL-2.0-only
/** Random runs of a correct machine, told a second time and apart from the kernel: no oracle says anything. */
import { expect, it } from 'vitest';
import { createOracles, Judge } from '#src/oracle/index.js';
import { EV } from '#src/trace/events.js';
import { quietEnd } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';
import { modelTrace } from '../support/trace/model_machine.js';

const SEEDS = 60;
const STEPS = 6000;

function soak(
  machine: { reliableStacks: boolean },
  force: boolean,
): { found: string[]; transitions: number } {
  const scenario = judgedScenario({ cpus: 3, online: 3, ...machine });
  const found: string[] = [];
  let transitions = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const judge = new Judge(createOracles(scenario));
    for (const r of modelTrace(scenario, { seed, steps: STEPS, fault: 'none', force })) {
      if (r.ev === EV.klp_completed) transitions++;
      judge.feed(r);
    }
    judge.end(quietEnd);
    for (const v of judge.violations) found.push(`seed ${seed} #${v.seq}: ${v.code} ${v.task} ${v.summary}`);
  }
  return { found, transitions };
}

it.each([
  { reliableStacks: true, force: false },
  { reliableStacks: true, force: true },
  { reliableStacks: false, force: false },
  { reliableStacks: false, force: true },
])('is silent with %o', ({ force, ...machine }) => {
  const { found, transitions } = soak(machine, force);
  expect(found).toEqual([]);
  expect(transitions).toBeGreaterThan(SEEDS);
});
