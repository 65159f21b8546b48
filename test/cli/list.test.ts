// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture list` shows every scenario, protocol, oracle and barrier, as text and as JSON. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { barriers } from '#src/mem/barriers.js';
import { checkers } from '#src/oracle/checkers.js';
import { oracleNames } from '#src/oracle/index.js';
import { protocols } from '#src/protocol/index.js';
import { presetNames } from '#src/scenario/presets.js';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));

function list(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'list', ...args], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

it('as JSON', () => {
  const all = JSON.parse(list('--json'));
  expect(all.schema).toBe(1);
  expect(all.scenarios.map((s: { name: string }) => s.name)).toEqual(presetNames());
  expect(all.protocols.map((p: { id: string }) => p.id)).toEqual(protocols.map((p) => p.id));
  expect(all.barriers.map((b: { id: string }) => b.id)).toEqual(barriers.map((b) => b.id));
  const of = (exploreOnly: boolean) =>
    all.oracles
      .filter((o: { exploreOnly: boolean }) => o.exploreOnly === exploreOnly)
      .map((o: { name: string }) => o.name);
  expect(of(false)).toEqual(oracleNames);
  expect(of(true)).toEqual(checkers.map((c) => c.name));
});

it('as text, with author, date and expectation of each protocol', () => {
  const text = list();
  for (const name of presetNames()) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const p of protocols) {
    for (const word of [p.id, p.author, p.date, p.expected]) expect(text).toContain(word);
  }
  for (const c of checkers) expect(text).toContain(`  ${c.name} (explore only) `);
  for (const b of barriers) expect(text).toContain(`  ${b.id} `);
});
