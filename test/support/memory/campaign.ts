// SPDX-License-Identifier: GPL-2.0-only
/**
 * Many generated litmus tests on the view machine and by the axioms of LKMM:
 * `node dist/test/support/memory/campaign.js FIRST LAST ACCESSES [FEATURE,...|none|mix]` prints what differs, and a sum.
 */
import { Unfit } from '#src/litmus/axiomatic/trace.js';
import { runOperational } from '#src/litmus/operational/run.js';
import { compare, parsed } from './against_axioms.js';
import { allFeatures, type Feature, generateLitmus } from './generated.js';

const [first = 1, last = 100, accesses = 6] = process.argv.slice(2, 5).map(Number);
const wanted = process.argv[5] ?? 'mix';

function featuresOf(seed: number): readonly Feature[] {
  if (wanted === 'none') return [];
  if (wanted !== 'mix') return wanted.split(',') as Feature[];
  return allFeatures.filter((_f, i) => ((Math.imul(seed, 0x9e3779b1) >>> (i + 3)) & 1) === 1);
}

const sum = {
  programs: 0,
  unfit: 0,
  equal: 0,
  unsound: 0,
  missed: 0,
  states: 0,
  found: 0,
  overtaking: 0,
  sc: 0,
};
for (let seed = first; seed <= last; seed++) {
  const text = generateLitmus(seed, { features: featuresOf(seed), accesses });
  try {
    const program = parsed(text);
    const { lkmm, withoutOvertaking, weak, unsound, missed } = compare(program);
    sum.programs++;
    sum.sc += runOperational(program, 'sc').outcomes.size;
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
    sum.unfit++;
  }
}
process.stdout.write(`${JSON.stringify(sum)}\n`);
