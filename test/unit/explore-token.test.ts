// SPDX-License-Identifier: GPL-2.0-only
/** A token makes its execution again, and says so if it cannot. */
import { expect, it } from 'vitest';
import { tokenOf } from '#src/explore/finding_report.js';
import { subjectOfToken } from '#src/explore/prepare.js';
import { replay } from '#src/explore/replay.js';
import { decodeToken, encodeToken } from '#src/explore/token.js';
import { UsageError } from '#src/util/fault.js';
import { campaign } from '../support/exploring.js';

async function oneToken(): Promise<string> {
  const { subject, findings } = await campaign({ protocol: 'online-only' }, { executions: 32 });
  const [finding] = findings.list();
  if (finding === undefined) throw new Error('nothing was found');
  return tokenOf(subject, finding.first);
}

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
};

it('shows the violation again, to the same state each time', async () => {
  const token = decodeToken(await oneToken());
  const first = await replay(subjectOfToken(token), token);
  expect(first.divergedAt).toBe(-1);
  expect(first.violations[0]?.code).toBe('KLP-MISSED-SWITCH');
  const second = await replay(subjectOfToken(token), token);
  expect(second.stateHash).toBe(first.stateHash);
});

it('is told when it was cut, edited or is of another version', async () => {
  const text = await oneToken();
  expect(decodeToken(encodeToken(decodeToken(text)))).toEqual(decodeToken(text));
  expect(problemsOf(() => decodeToken(text.slice(0, -3)))[0]).toMatch(/was cut or changed/);
  const middle = text[40] === 'A' ? 'B' : 'A';
  expect(problemsOf(() => decodeToken(text.slice(0, 40) + middle + text.slice(41)))[0]).toMatch(/checksum/);
  expect(problemsOf(() => decodeToken(text.replace('klp1:', 'klp9:')))[0]).toMatch(
    /version 9; .* replays version 1/,
  );
  expect(problemsOf(() => decodeToken('hello'))[0]).toMatch(/no replay token/);
});

it('is told when it says what no execution can be, though its checksum is right', async () => {
  const token = decodeToken(await oneToken());
  const { decisions } = token;
  const wrong = [
    { memory: 'strong' as 'sc' },
    { maxSteps: -1 },
    { decisions: { ...decisions, actors: [99, ...decisions.actors.slice(1)] } },
    { decisions: { ...decisions, points: [-1, ...decisions.points.slice(1)] } },
  ];
  for (const w of wrong)
    expect(problemsOf(() => decodeToken(encodeToken({ ...token, ...w })))[0]).toMatch(/nothing in it/);
});

it('is refused with another scenario or kernel', async () => {
  const token = decodeToken(await oneToken());
  const { explore } = token;
  expect(
    problemsOf(() => subjectOfToken({ ...token, explore: { ...explore, cpus: 1, online: 1 } }))[0],
  ).toMatch(/made with another "hotplug"/);
  expect(problemsOf(() => subjectOfToken({ ...token, kernel: 'abc' }))[0]).toMatch(/made with kernel abc/);
});
