// SPDX-License-Identifier: GPL-2.0-only
/** A token is given by itself, or by a text that has it in it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readToken } from '#src/cli/token_operand.js';

const dir = mkdtempSync(join(tmpdir(), 'klptorture-token-'));
const file = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

it('is the word itself, or the first token of a report or of its JSON', () => {
  expect(readToken('klp1:AbC_-9')).toBe('klp1:AbC_-9');
  expect(readToken(file('report', 'text\n  replay: klptorture replay klp1:AbC_-9\nklp1:x'))).toBe(
    'klp1:AbC_-9',
  );
  expect(readToken(file('json', '{"token":"klp1:AbC_-9"}'))).toBe('klp1:AbC_-9');
  expect(readToken('no-such-file')).toBe('no-such-file');
});

it('is missed where there is none, and where nothing can be read', () => {
  expect(() => readToken(file('empty', 'nothing here'))).toThrow(
    /there is no replay token \(klp1:…\) in ".*empty"/,
  );
  expect(() => readToken(dir)).toThrow(/cannot be read: EISDIR/);
});
