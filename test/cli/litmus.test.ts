// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture litmus` as a process: text, JSON, exit codes, and the tests of the package for herd7. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { suiteFolder } from '#src/litmus/suite.js';

const folder = mkdtempSync(join(tmpdir(), 'klptorture-litmus-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = new URL('../../dist/src/cli/main.js', import.meta.url).pathname;

function litmus(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'litmus', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A copy of a test of the package, changed. */
function changed(name: string, from: string, to: string): string {
  const text = readFileSync(join(suiteFolder(), `${name}.litmus`), 'utf8');
  const file = join(folder, `${name}-changed.litmus`);
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
  return file;
}

const own = (name: string) => join(suiteFolder(), `${name}.litmus`);

it('shows a test as herd7 does', () => {
  const { status, stdout } = litmus(own('mp-once'));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Test mp-once Allowed\nStates 4\n/);
  expect(stdout).toContain(
    '\n     1 *> 1:r0=1; 1:r1=0;\n     1 :> 1:r0=1; 1:r1=1;\nOk\nWitnesses\nPositive: 1 Negative: 3\n',
  );
  expect(stdout).toContain('\nObservation mp-once Sometimes 1 3\n');
  expect(stdout).toContain('\n1 test: 1 agrees, 0 differs, 0 unjudged, 0 skipped\n');
});

it('names a data race', () => {
  expect(litmus(own('mp-plain')).stdout).toContain('\nFlag data-race\n');
});

it('ends with 1 if a verdict differs from its header', () => {
  const { status, stdout } = litmus(changed('mp-once', 'Sometimes', 'Never'), '--quiet');
  expect(status).toBe(1);
  expect(stdout).toMatch(/mp-once +Never +Sometimes +1 +3 +differs/);
});

it('ends with 4 if a test was skipped, and with 1 if another differs', () => {
  const skipped = changed('sb-once', 'r0 = READ_ONCE(*y);', 'r0 = kmalloc(*y);');
  const { status, stdout } = litmus(skipped, own('mp-once'));
  expect(status).toBe(4);
  expect(stdout).toContain('kmalloc() is not known');
  expect(litmus(skipped, changed('mp-once', 'Sometimes', 'Never')).status).toBe(1);
});

it('ends with 2 and tells all that is wrong with the command line', () => {
  const { status, stderr } = litmus('/no/such/file', '--memory', 'vax', join(folder, 'none'));
  expect(status).toBe(2);
  expect(stderr).toContain('/no/such/file');
  expect(stderr).toContain('none');
  expect(stderr).toContain('vax');
});

it('gives everything as JSON, with a version', () => {
  const { status, stdout } = litmus(own('sb-once'), '--json', '--memory', 'sc');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    memory: 'sc',
    summary: { tests: 1, agrees: 0, differs: 1, unjudged: 0, skipped: 0 },
    tests: [
      {
        name: 'sb-once',
        status: 'differs',
        expected: 'Sometimes',
        observation: 'Never',
        positive: 0,
        negative: 3,
        flags: [],
        states: [
          { values: { '0:r0': '0', '1:r0': '1' }, count: 1, positive: false },
          { values: { '0:r0': '1', '1:r0': '0' }, count: 1, positive: false },
          { values: { '0:r0': '1', '1:r0': '1' }, count: 1, positive: false },
        ],
      },
    ],
  });
});

it('writes the tests of the package into a folder', () => {
  const target = join(folder, 'exported');
  const { status, stdout } = litmus('--export', target);
  expect(status).toBe(0);
  const files = readdirSync(target).sort();
  expect(files).toEqual(readdirSync(suiteFolder()).sort());
  expect(stdout).toContain(`${files.length} tests written`);
  expect(litmus('--export', target, own('mp-once')).status).toBe(2);
});
