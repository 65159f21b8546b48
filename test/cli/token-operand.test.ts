// SPDX-License-Identifier: GPL-2.0-only
/** A token is given by itself, or by a text that has it in it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTokens } from '#src/cli/token_operand.js';

const dir = mkdtempSync(join(tmpdir(), 'klptorture-token-'));
const file = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

it('is the word itself, or the first token of a report or of its JSON', () => {
  expect(readTokens('klp1:AbC_-9')).toEqual(['klp1:AbC_-9']);
  expect(readTokens(file('report', 'text\n  replay: klptorture replay klp1:AbC_-9\nklp1:x'))).toEqual([
    'klp1:AbC_-9',
  ]);
  expect(readTokens(file('json', '{"token":"klp1:AbC_-9"}'))).toEqual(['klp1:AbC_-9']);
  expect(readTokens('no-such-file')).toEqual(['no-such-file']);
});

it('is one of several where there is nothing else', () => {
  expect(readTokens(file('tokens', 'klp1:a\nklp1:b klp1:c\n\n'))).toEqual(['klp1:a', 'klp1:b', 'klp1:c']);
});

it('is missed where there is none, and where nothing can be read', () => {
  expect(() => readTokens(file('empty', 'nothing here'))).toThrow(
    /there is no replay token \(klp1:…\) in ".*empty"/,
  );
  expect(() => readTokens(dir)).toThrow(/cannot be read: it is no file/);
  expect(() => readTokens('/dev/zero')).toThrow(/cannot be read: it is no file/);
});
