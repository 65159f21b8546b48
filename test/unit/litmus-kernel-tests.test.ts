// SPDX-License-Identifier: GPL-2.0-only
/**
 * The kernel's memory model itself (tools/memory-model): every litmus test ends as its header says, and the axioms judge
 * each execution as linux-kernel.cat does. None of it is part of this package: the tests are read from the folder in
 * KLPTORTURE_LKMM_TESTS, the model from the one above, or both out of the tarball of Debian's linux-source-6.1.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eachCandidate } from '#src/litmus/axiomatic/candidates.js';
import { createJudge } from '#src/litmus/lkmm/axioms.js';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { litmusFiles, suiteFolder } from '#src/litmus/suite.js';
import { parsed } from '../support/memory/against_axioms.js';
import { type CatModel, readCatModel, saysTheSame } from '../support/memory/cat_model.js';
import { cycleOf, litmusOf } from '../support/memory/cycles.js';

const tarball = '/usr/src/linux-source-6.1.tar.xz';
const unpacked: string[] = [];

/** Null if the tests are not on this machine. */
function kernelTests(): string | null {
  const given = process.env.KLPTORTURE_LKMM_TESTS;
  if (given !== undefined && given !== '') return given;
  if (!existsSync(tarball)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'klptorture-lkmm-'));
  unpacked.push(folder);
  const wanted = 'linux-source-6.1/tools/memory-model';
  execFileSync('tar', ['xJf', tarball, '-C', folder, wanted]);
  return join(folder, wanted, 'litmus-tests');
}

afterAll(() => {
  for (const folder of unpacked) rmSync(folder, { recursive: true });
});

const folder = kernelTests();

if (folder === null) {
  it.skip(`skipped: neither KLPTORTURE_LKMM_TESTS nor ${tarball} (apt-get install linux-source-6.1)`, () => {});
} else {
  const files = litmusFiles([folder], []);
  it('are all there', () => expect(files.length).toBeGreaterThanOrEqual(34));
  describe.each(files.map((file) => [basename(file), file] as const))('%s', (_name, file) => {
    it('ends as its header says', () => {
      const outcome = runTest(readFileSync(file, 'utf8'), models.lkmm, file);
      expect(outcome.status).toBe('agrees');
    });
  });

  const model = dirname(folder);
  describe.skipIf(!existsSync(join(model, 'linux-kernel.cat')))('the axioms', () => {
    const texts = [
      ...litmusFiles([folder, suiteFolder()], []).map((file) => readFileSync(file, 'utf8')),
      ...Array.from({ length: 100 }, (_, seed) => litmusOf(cycleOf(seed, { plain: true }))),
    ];
    /** Executions that the two judge differently, of the first test that has one. */
    const differences = (cat: CatModel): number => {
      for (const text of texts) {
        const judge = createJudge();
        let differ = 0;
        eachCandidate(parsed(text), (candidate) => {
          if (!saysTheSame(judge(candidate), cat.judge(candidate))) differ++;
        });
        if (differ > 0) return differ;
      }
      return 0;
    };
    it('are those of linux-kernel.cat', () => expect(differences(readCatModel(model))).toBe(0));
    it.each([
      ['| rmb\n', '\n'],
      ['let rwdep = (dep | ctrl)', 'let rwdep = dep'],
      ['(rfe ; [Marked])? ; r', 'r'],
      ['| wmb |\n\tpo-unlock-lock-po)', '| wmb)'],
      ['po ; [UL] ; (po|rf) ; [LKR] ; po', 'po ; [UL] ; rf ; [LKR] ; po'],
      ['[Marked] ; rfe? ; [Marked]', '[Marked]'],
      ['(srcu-gp ; rcu-link ; srcu-rscsi) & loc', 'srcu-gp ; rcu-link ; srcu-rscsi'],
      ['(addr | fence)?', '(fence)?'],
      ['\\ wr-vis \\ rw-xbstar^-1', '\\ rw-xbstar^-1'],
    ])('differ when the model has not "%s" but "%s"', (from, to) => {
      const cat = readCatModel(model, (text) => text.replace(from, to));
      expect(differences(cat)).toBeGreaterThan(0);
    });
  });
}
