// SPDX-License-Identifier: GPL-2.0-only
/** The must-fail set fails, and a set with something healthy in it is told as such: the check can fail. */
import { expect, it } from 'vitest';
import { mustFail } from '#src/explore/must_fail.js';
import { byTraceOnly } from '#src/explore/must_fail_changes.js';
import { selfcheck } from '#src/explore/selfcheck.js';
import { allCodes } from '../support/codes.js';

const never = new AbortController().signal;

it('finds every known bug', { timeout: 600_000 }, async () => {
  const checked = await selfcheck(2, never, () => {});
  expect(checked.map((c) => [c.name, c.found])).toEqual(mustFail.map((m) => [m.name, true]));
  /* Every code was seen to be caught, one entry or another. */
  const seen = new Set(checked.map((c) => c.code));
  expect(allCodes().filter((code) => !seen.has(code))).toEqual(
    allCodes().filter((code) => byTraceOnly[code] !== undefined),
  );
});

it('tells of one that is not found', async () => {
  const [entry] = mustFail;
  if (entry === undefined) throw new Error('the set is empty');
  const healthy = { ...entry, protocol: 'mainline-6.12', executions: 64 };
  const [checked] = await selfcheck(1, never, () => {}, [healthy]);
  expect(checked).toMatchObject({ found: false, executions: 64, token: null });
});
