// SPDX-License-Identifier: GPL-2.0-only
/** The registry of checkers is true: tests that exist, codes of their own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkers } from '#src/oracle/checkers.js';
import { oracles } from '#src/oracle/index.js';

it.each(checkers)('$name has a busted partner that a test shows', ({ busted }) => {
  expect(existsSync(fileURLToPath(new URL(`../../${busted.test}`, import.meta.url)))).toBe(true);
});

it('no name or code is used twice, also not by an oracle', () => {
  const all = [...checkers, ...oracles];
  const names = all.map((c) => c.name);
  const codes = all.flatMap((c) => c.codes);
  expect([new Set(names).size, new Set(codes).size]).toEqual([names.length, codes.length]);
});
