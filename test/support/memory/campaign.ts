// SPDX-License-Identifier: GPL-2.0-only
/**
 * Many generated litmus tests on the view machine and by the axioms of LKMM:
 * `node dist/test/support/memory/campaign.js FIRST LAST ACCESSES [FEATURE,...|none|mix]` prints what differs, and a sum.
 */
import { runOperational } from '#src/litmus/operational/run.js';
import { compare } from './against_axioms.js';
import { allFeatures, type Feature, generateLitmus } from './generated.js';
import { Tally } from './tally.js';

const [first = 1, last = 100, accesses = 6] = process.argv.slice(2, 5).map(Number);
const wanted = process.argv[5] ?? 'mix';

function featuresOf(seed: number): readonly Feature[] {
  if (wanted === 'none') return [];
  if (wanted !== 'mix') return wanted.split(',') as Feature[];
  return allFeatures.filter((_f, i) => ((Math.imul(seed, 0x9e3779b1) >>> (i + 3)) & 1) === 1);
}

const tally = new Tally();
/** States under sequential consistency. */
let sc = 0;
for (let seed = first; seed <= last; seed++) {
  tally.add(generateLitmus(seed, { features: featuresOf(seed), accesses }), (program) => {
    const compared = compare(program);
    sc += runOperational(program, 'sc').outcomes.size;
    return compared;
  });
}
tally.print({ sc });
