// SPDX-License-Identifier: GPL-2.0-only
/**
 * The axioms of src/litmus/lkmm beside linux-kernel.cat and linux-kernel.bell of a kernel tree, execution by execution:
 * `node dist/test/support/memory/cat_campaign.js FOLDER FIRST LAST [ACCESSES]` on generated programs, `... FOLDER cycles
 * FIRST LAST` on generated cycles with plain accesses, `... FOLDER FILE|DIR...` on litmus files. FOLDER is a
 * tools/memory-model.
 */
import { readFileSync } from 'node:fs';
import { eachCandidate } from '#src/litmus/axiomatic/candidates.js';
import { Unfit } from '#src/litmus/axiomatic/trace.js';
import { createJudge } from '#src/litmus/lkmm/axioms.js';
import { litmusFiles } from '#src/litmus/suite.js';
import { parsed } from './against_axioms.js';
import { readCatModel, saysTheSame } from './cat_model.js';
import { cycleOf, litmusOf } from './cycles.js';
import { allFeatures, generateLitmus } from './generated.js';

const [folder = '.', ...rest] = process.argv.slice(2);
const model = readCatModel(folder);

function* texts(): Generator<string> {
  if (rest[0] === 'cycles') {
    for (let seed = Number(rest[1]); seed <= Number(rest[2]); seed++)
      yield litmusOf(cycleOf(seed, { plain: true }));
    return;
  }
  if (!/^\d+$/.test(rest[0] ?? '')) {
    for (const file of litmusFiles(rest, [])) yield readFileSync(file, 'utf8');
    return;
  }
  const [first = 1, last = 100, accesses = 6] = rest.map(Number);
  for (let seed = first; seed <= last; seed++) {
    const features = allFeatures.filter((_f, i) => ((Math.imul(seed, 0x9e3779b1) >>> (i + 3)) & 1) === 1);
    yield generateLitmus(seed, { features, accesses });
  }
}

const sum = { programs: 0, unfit: 0, executions: 0, allowed: 0, differ: 0 };
for (const text of texts()) {
  try {
    const judge = createJudge();
    let told = false;
    eachCandidate(parsed(text), (candidate) => {
      const [ours, theirs] = [judge(candidate), model.judge(candidate)];
      sum.executions++;
      if (theirs.allowed) sum.allowed++;
      if (saysTheSame(ours, theirs)) return;
      sum.differ++;
      if (!told) process.stdout.write(`differs: ${JSON.stringify({ ours, theirs })}\n${text}\n`);
      told = true;
    });
    sum.programs++;
  } catch (fault) {
    if (!(fault instanceof Unfit)) throw fault;
    sum.unfit++;
  }
}
process.stdout.write(`${JSON.stringify(sum)}\n`);
