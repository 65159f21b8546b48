// SPDX-License-Identifier: GPL-2.0-only
/** Bugs that need store buffers or reordering: the execution of each token shows it again, and not with the barrier in place. */
import { expect, it } from 'vitest';
import { subjectOfToken } from '#src/explore/prepare.js';
import { replay } from '#src/explore/replay.js';
import { decodeToken } from '#src/explore/token.js';
import { droppedBugs, readDropped } from './dropped.js';

const tokens = readDropped();
const renew = 'make new ones: npm run build && node dist/test/regress/dropped.js';

it.each(Object.entries(droppedBugs))('%s', async (id, { code, memory }) => {
  const known = tokens[id];
  expect(known, renew).toBeDefined();
  const token = decodeToken((known as NonNullable<typeof known>).token);
  expect(token.memory).toBe(memory);
  const shown = await replay(subjectOfToken(token), token);
  expect(
    shown.violations.map((v) => v.code),
    renew,
  ).toContain(code);
  const whole = { ...token, dropped: [] };
  const silent = await replay(subjectOfToken(whole), whole);
  expect(silent.violations.map((v) => v.code)).not.toContain(code);
});
