// SPDX-License-Identifier: GPL-2.0-only
/**
 * Generated cycles on the view machine and by the axioms of LKMM; what differs is printed, and a sum:
 * `node dist/test/support/memory/cycle_campaign.js pairs` all of two processes,
 * `node dist/test/support/memory/cycle_campaign.js FIRST LAST [PROCESSES]` drawn from seeds.
 */
import { Unfit } from '#src/litmus/axiomatic/trace.js';
import { runOperational } from '#src/litmus/operational/run.js';
import { compare, parsed } from './against_axioms.js';
import { cycleOf, litmusOf, pairs } from './cycles.js';

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

const sum = { cycles: 0, large: 0, equal: 0, unsound: 0, missed: 0, states: 0, found: 0, overtaking: 0 };
for (const text of cycles()) {
  try {
    const program = parsed(text);
    const run = runOperational(program, 'weak', BUDGET_EXECUTIONS);
    if (!run.complete) {
      sum.large++;
      continue;
    }
    const { lkmm, withoutOvertaking, weak, unsound, missed } = compare(program, run.outcomes);
    sum.cycles++;
    sum.states += lkmm.size;
    sum.found += weak.size;
    sum.overtaking += lkmm.size - withoutOvertaking.size;
    sum.unsound += unsound.length;
    sum.missed += missed.length;
    if (weak.size === lkmm.size && unsound.length === 0) sum.equal++;
    if (unsound.length > 0) process.stdout.write(`unsound ${unsound.join(' ')}\n${text}\n`);
    if (missed.length > 0) process.stdout.write(`missed ${missed.join(' ')}\n${text}\n`);
  } catch (fault) {
    if (!(fault instanceof Unfit)) throw fault;
    sum.large++;
  }
}
process.stdout.write(`${JSON.stringify(sum)}\n`);
