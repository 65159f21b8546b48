// SPDX-License-Identifier: GPL-2.0-only
/**
 * The litmus tests of the kernel's memory model (tools/memory-model/litmus-tests): every verdict is that of its header.
 * They are not part of this package: they are read from the folder in KLPTORTURE_LKMM_TESTS, or out of the tarball of
 * Debian's linux-source-6.1.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { litmusFiles } from '#src/litmus/suite.js';

const tarball = '/usr/src/linux-source-6.1.tar.xz';
const unpacked: string[] = [];

/** Null if the tests are not on this machine. */
function kernelTests(): string | null {
  const given = process.env.KLPTORTURE_LKMM_TESTS;
  if (given !== undefined && given !== '') return given;
  if (!existsSync(tarball)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'klptorture-lkmm-'));
  unpacked.push(folder);
  const wanted = 'linux-source-6.1/tools/memory-model/litmus-tests';
  execFileSync('tar', ['xJf', tarball, '-C', folder, wanted]);
  return join(folder, wanted);
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
}
