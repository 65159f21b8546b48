// SPDX-License-Identifier: GPL-2.0-only
/** A token of other sources of the kernel is told as such before it leads elsewhere. */
import { expect, it } from 'vitest';
import { builtTrees } from '#src/engine/fibers/tree.js';
import { checkSources, sourcesHash } from '#src/explore/sources.js';
import type { Token } from '#src/explore/token.js';
import { UsageError } from '#src/util/fault.js';

const tokenWith = (sources?: string): Token => ({ sources }) as Token;

it('refuses other sources, and takes its own and those that are not told', () => {
  const mine = sourcesHash(builtTrees);
  expect(mine).toMatch(/^[0-9a-f]{8}$/);
  expect(() => checkSources(tokenWith(mine), builtTrees)).not.toThrow();
  expect(() => checkSources(tokenWith(), builtTrees)).not.toThrow();
  expect(() => checkSources(tokenWith('01234567'), builtTrees)).toThrow(UsageError);
  expect(() => checkSources(tokenWith('01234567'), builtTrees)).toThrow(
    new RegExp(`other sources of the kernel \\(01234567 there, ${mine} here\\)`),
  );
});
