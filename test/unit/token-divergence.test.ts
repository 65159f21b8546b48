// SPDX-License-Identifier: GPL-2.0-only
/** A record that is not of this program is told as such, with the step of the first difference. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENTRY, type Entry, RUNNABLE, type TokenLog } from '#src/engine/fibers/token_log.js';
import { smallPreset, TokenPair } from '../support/token/pair.js';

const MAX_STEPS = 3000;
const SEED = 1;
let pair: TokenPair;
let log: TokenLog;

beforeAll(async () => {
  pair = await TokenPair.create(smallPreset('hotplug'), 'observed');
  log = pair.record(SEED, { maxSteps: MAX_STEPS, hashes: true }).log;
}, 120_000);
afterAll(() => pair.dispose());

/** The replay of the record with the entry at `index` in another form, or without it. */
async function changed(index: number, change: Partial<Entry> | null) {
  const entries = log.entries.flatMap((e, i) =>
    i !== index ? [e] : change === null ? [] : [{ ...e, ...change }],
  );
  return (await pair.replay(SEED, { ...log, entries }, MAX_STEPS)).divergence;
}

/** The n-th entry after some warm-up that `is` so. */
function find(is: (e: Entry, i: number) => boolean): [number, Entry] {
  const index = log.entries.findIndex((e, i) => i > 5 && is(e, i));
  expect(index).toBeGreaterThan(0);
  return [index, log.entries[index] as Entry];
}

const stepOf = (i: number): number => log.entries[i]?.step ?? 0;
const before = (i: number): number => {
  const hand = log.entries.slice(0, i).filter((e) => e.kind === ENTRY.hand);
  return hand.at(-1)?.actor ?? -1;
};

it('follows the record as it is', async () => {
  expect(await changed(-1, {})).toBeNull();
});

it('an actor that makes one operation more than recorded', async () => {
  const [i, e] = find((x, n) => x.kind === ENTRY.hand && x.was === RUNNABLE && stepOf(n + 1) > x.step + 2);
  const found = await changed(i, { step: e.step + 1 });
  expect(found).toMatchObject({ step: e.step + 1, actor: before(i) });
  expect(found?.what).toMatch(/by the record/);
});

it('an actor that sleeps where the record has it go on', async () => {
  const [i, e] = find((x, n) => x.kind === ENTRY.hand && x.was > 0 && stepOf(n + 1) > x.step + 2);
  const found = await changed(i, { step: e.step + 1 });
  expect(found).toEqual({
    step: e.step,
    actor: before(i),
    what: `sleeps on word ${e.was}, and the record lets it make 1 more operations`,
  });
});

it('a turn for an actor that sleeps', async () => {
  const [i, e] = find((x) => x.kind === ENTRY.hand && x.was > 0);
  const found = await changed(i, { actor: before(i) });
  expect(found).toMatchObject({ step: e.step, actor: before(i) });
  expect(found?.what).toMatch(/the record lets \S+ go on, which sleeps on word \d+/);
});

it('a sleep that does not end', async () => {
  const [i, e] = find((x) => x.kind === ENTRY.expire);
  const found = await changed(i, null);
  expect(found?.step).toBeGreaterThanOrEqual(e.step);
  expect(found?.what).toMatch(/the record lets (it|\S+) go on|sleeps on word/);
});

it('a time limit that is not over yet', async () => {
  const [i, e] = find((x) => x.kind === ENTRY.jump);
  const found = await changed(i, null);
  expect(found?.step).toBe(e.step);
  expect(found?.what).toMatch(/ends the sleep of \S+ at \d+ ns, its time limit is/);
});

it('another heap at a change of actor', async () => {
  const [i, e] = find((x) => x.kind === ENTRY.hand);
  const found = await changed(i, { hash: e.hash ^ 1 });
  expect(found).toMatchObject({ step: e.step });
  expect(found?.what).toMatch(/the heap has hash \d+, by the record/);
});

it('an end that is none', async () => {
  const [i, e] = find((x, n) => x.kind === ENTRY.hand && x.was === RUNNABLE && n > 20);
  const entries = [...log.entries.slice(0, i), { ...(log.entries.at(-1) as Entry), step: e.step, value: 1 }];
  const { divergence } = await pair.replay(SEED, { ...log, entries, end: 'deadlock' }, MAX_STEPS);
  expect(divergence).toEqual({
    step: e.step,
    actor: before(i),
    what: 'the execution can go on, by the record it ends as deadlock',
  });
});

it('another state at the end, of which the steps say nothing', async () => {
  const { divergence, end } = await pair.replay(SEED, { ...log, hash: log.hash ^ 1 }, MAX_STEPS);
  expect(end).toBe(log.end);
  expect(divergence?.step).toBe(log.steps);
});
