// SPDX-License-Identifier: GPL-2.0-only
/** A campaign that is kept in a folder goes on where it was, and ends as one that was never interrupted. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Findings } from '#src/explore/findings.js';
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

it('makes the whole of a batch of which a shorter campaign had a part', async () => {
  const subject = await subjectOf(choice);
  const whole = await campaign(choice, { executions: 64 });
  const store = new CampaignStore(join(folder, 'part'), subject);
  const part = await campaign(choice, { executions: 40, store });
  expect(part.findings.executions).toBe(40);
  const more = await campaign(choice, { executions: 64, store });
  expect(more.resumed).toBe(32);
  expect(more.findings.state()).toEqual(whole.findings.state());
});

it('ends when another one writes into its folder meanwhile, and leaves that as it is', async () => {
  const subject = await subjectOf(choice);
  const dir = join(folder, 'two');
  const file = join(dir, 'campaign.json');
  let changed = false;
  const mine = await campaign(choice, {
    executions: 128,
    store: new CampaignStore(dir, subject),
    onProgress: () => {
      if (changed) return;
      changed = true;
      writeFileSync(`${file}.new`, readFileSync(file));
      renameSync(`${file}.new`, file);
    },
  });
  expect(mine.end).toBe('not-written');
  expect(mine.cause).toMatch(/has been changed or removed by somebody else meanwhile/);
  expect(mine.findings.executions).toBeGreaterThan(0);
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
  const file = join(folder, 'c', 'campaign.json');
  for (const text of ['{ "half": ', '', 'null', '[]', '{}']) {
    writeFileSync(file, text);
    expect(() => store.read()).toThrow(/not the file of a campaign/);
  }
  writeFileSync(file, '{"format":1}');
  expect(() => store.read()).toThrow(/has format 1; this klptorture writes 2/);
  writeFileSync(join(folder, 'd'), '');
  expect(() => new CampaignStore(join(folder, 'd'), subject)).toThrow(UsageError);
  /* Where no folder can be made, not even by trying for ever. */
  expect(() => new CampaignStore('/proc/klptorture/out', subject)).toThrow(/cannot be made/);
});

it('refuses what was changed since it was written', async () => {
  const store = new CampaignStore(join(folder, 'e'), await subjectOf(choice));
  store.write(new Findings().state());
  expect(store.read()?.executions).toBe(0);
  const file = join(folder, 'e', 'campaign.json');
  const text = readFileSync(file, 'utf8');
  const changes = [
    text.replace('"executions":0', '"executions":7'),
    text.replace('"findings":[]', '"findings":[{}]'),
    text.replace(/"identity":\{[^}]*\}/, '"identity":null'),
    text.replace(/,"state":.*/s, '}'),
  ];
  for (const changed of changes) {
    writeFileSync(file, changed);
    expect(() => store.read()).toThrow(/was cut or changed: its checksum does not match/);
  }
});
