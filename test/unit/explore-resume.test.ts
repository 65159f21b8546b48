// SPDX-License-Identifier: GPL-2.0-only
/** A campaign that is kept in a folder goes on where it was, and ends as one that was never interrupted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CampaignStore } from '#src/explore/store.js';
import { UsageError } from '#src/util/fault.js';
import { campaign, foundBy, subjectOf } from '../support/exploring.js';

const folder = mkdtempSync(join(tmpdir(), 'klptorture-out-'));
afterAll(() => rmSync(folder, { recursive: true }));
const choice = { protocol: 'online-only' };

it('goes on where it was', async () => {
  const subject = await subjectOf(choice);
  const whole = await campaign(choice, { executions: 96 });
  const stop = new AbortController();
  const first = await campaign(choice, {
    executions: 96,
    store: new CampaignStore(join(folder, 'a'), subject),
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(first.end).toBe('interrupted');
  expect(first.findings.executions).toBe(32);
  const second = await campaign(choice, {
    executions: 96,
    store: new CampaignStore(join(folder, 'a'), subject),
  });
  expect(second.resumed).toBe(32);
  expect(second.findings.executions).toBe(96);
  expect(foundBy(second)).toEqual(foundBy(whole));
});

it('refuses the folder of another campaign', async () => {
  const store = new CampaignStore(join(folder, 'b'), await subjectOf(choice));
  await campaign(choice, { executions: 32, store });
  const other = new CampaignStore(join(folder, 'b'), await subjectOf({ protocol: 'mainline-6.12', seed: 2 }));
  expect(() => other.read()).toThrow(UsageError);
  expect(() => other.read()).toThrow(
    /of another campaign: protocol is "online-only" there and "mainline-6.12" here/,
  );
});

it('refuses a folder that holds something else, and one that is a file', async () => {
  const subject = await subjectOf(choice);
  const store = new CampaignStore(join(folder, 'c'), subject);
  writeFileSync(join(folder, 'c', 'campaign.json'), '{ "half": ');
  expect(() => store.read()).toThrow(/not the file of a campaign/);
  writeFileSync(join(folder, 'd'), '');
  expect(() => new CampaignStore(join(folder, 'd'), subject)).toThrow(UsageError);
  /* Where no folder can be made, not even by trying for ever. */
  expect(() => new CampaignStore('/proc/klptorture/out', subject)).toThrow(/cannot be made/);
});
