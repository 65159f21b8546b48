// SPDX-License-Identifier: GPL-2.0-only
/**
 * Every known bug is made (its patch compiled, as --patch does) and caught: the execution of its token in tokens.json is
 * made again and shows it. `npm run build && node dist/test/regress/search.js --write` writes the tokens.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BATCH, measured, runBatch } from '#src/explore/batch.js';
import { replay } from '#src/explore/replay.js';
import { decodeToken } from '#src/explore/token.js';
import { patchFolder } from '../support/kernel_patch.js';
import { isCaughtBy, kernelOf, subjectOf } from '../support/regress/known_bug.js';
import { bugs, type KnownBug } from './bugs.js';
import { readTokens } from './tokens.js';

const folder = patchFolder();
afterAll(() => folder.remove());
const tokens = readTokens();
const shown = bugs.filter(
  (b) => (b.expected.length > 0 || b.fault !== undefined) && (b.needs === 'sc' || tokens.has(b.id)),
);

async function built(bug: KnownBug) {
  const out = join(folder.dir, bug.id);
  const kernel = await kernelOf(bug, out);
  if ('patch' in bug.change) {
    expect(kernel.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(existsSync(join(out, 'fast/src/kernel/kernel.js'))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'sites.json'), 'utf8')).length).toBeGreaterThan(900);
  }
  return kernel;
}

/** What its token shows, and why it may not be what it was. */
async function shownBy(bug: KnownBug): Promise<{ readonly caught: boolean; readonly told: string }> {
  const kernel = await built(bug);
  const known = tokens.get(bug.id);
  if (known === undefined) return { caught: false, told: 'it has no token' };
  const token = decodeToken(known.token);
  const subject = { ...subjectOf(bug, kernel, token.explore), maxSteps: token.maxSteps, steps: 1 };
  const { violations, execution, divergedAt } = await replay(subject, token);
  const codes = violations.map((v) => v.code).join(', ');
  const left = divergedAt < 0 ? '' : `, left the record at step ${divergedAt}`;
  const told = `the execution of its token ended as ${execution.end}${left} and showed ${codes || 'nothing'}, not ${known.code}`;
  return { caught: violations.some((v) => isCaughtBy(bug, v)), told };
}

describe('the execution of the token shows', () => {
  it.each(shown.map((b) => [b.id, b] as const))('%s', async (id, bug) => {
    const { caught, told } = await shownBy(bug);
    rmSync(join(folder.dir, id), { recursive: true, force: true });
    const renew = `npm run build && node dist/test/regress/search.js --write --only ${id}`;
    expect(
      caught,
      `${id}: ${told}; if the kernel or the scenario has changed, make a new one: ${renew}`,
    ).toBe(true);
  });
});

/** Executions of the default mix, on the weak machine: the whole of what one looks for. */
const SILENT = 64;

describe(`nothing is told in ${SILENT} executions of`, () => {
  it.each(bugs.filter((b) => b.needs === 'none').map((b) => [b.id, b] as const))('%s', async (_id, bug) => {
    const subject = await measured(subjectOf(bug, await built(bug)));
    const { found, executions } = await runBatch({ subject, from: 0, to: SILENT });
    expect(found.map((f) => f.first.violation)).toEqual([]);
    expect(executions).toBe(SILENT);
  });
});

/** Of one batch. */
const doubtful = bugs.filter((b) => b.suspicion !== undefined);

it.each(doubtful.map((b) => [b.id, b] as const))('%s is suspected, and no more', async (_id, bug) => {
  const subject = await measured(subjectOf(bug, await built(bug)));
  const { found, doubts } = await runBatch({ subject, from: 0, to: BATCH });
  expect(found.map((f) => f.first.violation)).toEqual([]);
  expect(Object.keys(doubts).filter((d) => d.startsWith(`${bug.suspicion}:`))).not.toEqual([]);
});

describe('can be made, and has no token yet', () => {
  const rest = bugs.filter((b) => b.needs !== 'none' && b.suspicion === undefined && !shown.includes(b));
  it.each(rest.map((b) => [b.id, b] as const))('%s', async (_id, bug) => {
    await built(bug);
  });
});
