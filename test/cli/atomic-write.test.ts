// SPDX-License-Identifier: GPL-2.0-only
/** A report is written whole or not at all, and whether it can be is known beforehand. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically, writeProblem } from '#src/util/atomic_write.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klptorture-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes a new file and replaces an old one, leaving nothing else', () => {
  const path = join(folder, 'r.json');
  expect(writeProblem(path)).toBeNull();
  writeAtomically(path, 'one');
  writeAtomically(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['r.json']);
});

it('keeps the mode of the file that it replaces, and a link to it', () => {
  const path = join(folder, 'r.json');
  const link = join(folder, 'link.json');
  writeFileSync(path, 'old');
  chmodSync(path, 0o600);
  symlinkSync(path, link);
  writeAtomically(link, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

it.each([
  ['a folder', () => folder, 'it is a folder'],
  [
    'a folder that does not exist',
    () => join(folder, 'no', 'r.json'),
    'there is no such file or folder (ENOENT)',
  ],
  ['a file where a folder should be', () => join(fileURLToPath(import.meta.url), 'r.json'), '(ENOTDIR)'],
  ['a name of 300 letters', () => join(folder, 'x'.repeat(300)), '(ENAMETOOLONG)'],
])('%s is known beforehand', (_what, path, reason) => {
  expect(writeProblem(path())).toContain(reason);
  expect(writeProblem(path())).toContain(`cannot write "${path()}": `);
});

it('a full device: an error, and the device is still one', () => {
  expect(() => writeAtomically('/dev/full', 'text')).toThrow(
    'cannot write "/dev/full": no space left on the device (ENOSPC); nothing was written',
  );
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
});

it('no room in the middle of the text: the old file stays as it was, no temporary is left', () => {
  const path = join(folder, 'r.json');
  writeFileSync(path, 'old');
  /* A limit on the size of files stands for a disk that fills up: the first block fits, the rest does not. */
  const code = `
    process.on('SIGXFSZ', () => {});
    const { writeAtomically } = await import(${JSON.stringify(import.meta.resolve('#src/util/atomic_write.js'))});
    try { writeAtomically(${JSON.stringify(path)}, 'x'.repeat(1e6)); } catch (e) { console.log(e.name + ': ' + e.message); }`;
  const limited = spawnSync('bash', [
    '-c',
    'ulimit -f 8; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    code,
  ]);
  expect(limited.stdout.toString()).toBe(
    `UsageError: cannot write "${path}": the file would be larger than the limit (EFBIG); nothing was written\n`,
  );
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['r.json']);
});

it('two runs that write to one folder do not disturb each other', () => {
  const code = `
    const { writeAtomically } = await import(${JSON.stringify(import.meta.resolve('#src/util/atomic_write.js'))});
    for (let i = 0; i < 20; i++) writeAtomically(${JSON.stringify(join(folder, 'r.json'))}, process.argv[1].repeat(100_000));`;
  const script = `"$0" --input-type=module -e "$1" a & "$0" --input-type=module -e "$1" b & wait`;
  execFileSync('bash', ['-c', script, process.execPath, code]);
  expect(readFileSync(join(folder, 'r.json'), 'utf8')).toMatch(/^(a{100000}|b{100000})$/);
  expect(readdirSync(folder)).toEqual(['r.json']);
});
