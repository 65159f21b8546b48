// SPDX-License-Identifier: GPL-2.0-only
/** Files that cannot be a scenario are refused, the enormous ones before they are read. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadScenario } from '#src/scenario/load.js';
import { UsageError } from '#src/util/fault.js';
import { PROTOCOLS, scenarioText } from '../support/scenario_text.js';

const folder = mkdtempSync(join(tmpdir(), 'klptorture-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problem(nameOrPath: string): string {
  try {
    loadScenario(nameOrPath, {}, PROTOCOLS);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('takes a path, with a byte order mark or Windows line ends too', () => {
  expect(problem(file('good.yaml', scenarioText()))).toBe('');
  expect(problem(file('bom.yaml', `\ufeff${scenarioText()}`))).toBe('');
  expect(problem(file('crlf.yaml', scenarioText().replaceAll('\n', '\r\n')))).toBe('');
});

it('names a scenario after its file', () => {
  expect(loadScenario(file('mine.yaml', scenarioText()), {}, PROTOCOLS).name).toBe('mine');
});

it('a file that does not exist', () => {
  const path = join(folder, 'none.yaml');
  expect(problem(path)).toBe(`${path}: cannot read it: there is no such file or folder (ENOENT)`);
});

it('an unknown name, with the presets', () => {
  expect(problem('defualt')).toBe(
    'unknown scenario "defualt": did you mean "default"? known: default, busy, drivers, forced, forkstorm, hotplug, manytasks, unreliable; or give the path of a YAML file',
  );
});

it('a folder', () => {
  expect(problem(`${folder}/`)).toBe(`${folder}/: is a folder, not a scenario file`);
});

it('a device and a pipe, without waiting for them', () => {
  expect(problem('/dev/zero')).toBe('/dev/zero: is not a regular file');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(problem(pipe)).toBe(`${pipe}: is not a regular file`);
});

it('an enormous file', () => {
  const path = file('huge.yaml', '');
  truncateSync(path, 2 ** 40);
  expect(problem(path)).toBe(`${path}: has 1099511627776 bytes; a scenario has at most 1048576`);
});

it.each([
  ['bytes that are no UTF-8', Uint8Array.of(0x61, 0xff, 0xfe)],
  ['a zero byte', 'a: 1\0'],
])('%s', (_what, content) => {
  const path = file('binary.yaml', content);
  expect(problem(path)).toBe(`${path}: is not a text in UTF-8`);
});
