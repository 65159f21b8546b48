// SPDX-License-Identifier: GPL-2.0-only
/** Every code has an entry of the must-fail set, or a reason why a trace made by hand is all that shows it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mustFail } from '#src/explore/must_fail.js';
import { byTraceOnly } from '#src/explore/must_fail_changes.js';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import { allCodes } from '../support/codes.js';

const entries = new Set(mustFail.flatMap((m) => m.codes));

it('knows the codes that it names', () => {
  const known = allCodes();
  expect([...entries, ...Object.keys(byTraceOnly)].filter((code) => !known.includes(code))).toEqual([]);
});

it('leaves no code out', () => {
  expect(allCodes().filter((code) => !entries.has(code) && byTraceOnly[code] === undefined)).toEqual([]);
});

it('has a test with a trace for each that has no entry', () => {
  const folder = join(packageRoot, 'test/busted');
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  expect(Object.keys(byTraceOnly).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
