// SPDX-License-Identifier: GPL-2.0-only
/**
 * Generated cycles on the view machine and by the axioms of LKMM; what differs is printed, and a sum:
 * `node dist/test/support/memory/cycle_campaign.js pairs` all of two processes,
 * `node dist/test/support/memory/cycle_campaign.js FIRST LAST [PROCESSES]` drawn from seeds.
 */
import { runOperational } from '#src/litmus/operational/run.js';
import { compare } from './against_axioms.js';
import { cycleOf, litmusOf, pairs } from './cycles.js';
import { Tally } from './tally.js';

/** Executions of the machine; a test that takes more is left out. */
const BUDGET_EXECUTIONS = 100_000;

const [first, last, processes] = process.argv.slice(2, 5);

function* cycles(): Generator<string> {
  if (first === 'pairs') {
    for (const cycle of pairs()) yield litmusOf(cycle);
    return;
  }
  const options = processes === undefined ? {} : { processes: Number(processes) };
  for (let seed = Number(first); seed <= Number(last); seed++) yield litmusOf(cycleOf(seed, options));
}

const tally = new Tally();
for (const text of cycles()) {
  tally.add(text, (program) => {
    const run = runOperational(program, 'weak', BUDGET_EXECUTIONS);
    return run.complete ? compare(program, run.outcomes) : null;
  });
}
tally.print();
