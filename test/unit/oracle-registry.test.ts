// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createOracles, oracleNames, oracles } from '#src/oracle/index.js';
import { UsageError } from '#src/util/fault.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';

const root = new URL('../../', import.meta.url);

describe.each(oracles)('$name', (entry) => {
  it('says what its oracle says of itself', () => {
    const oracle = entry.create(judgedScenario());
    expect([oracle.id, oracle.codes]).toEqual([entry.name, entry.codes]);
    expect(new Set(oracle.events).size).toBe(oracle.events.length);
  });

  it('has a busted partner that a test shows', () => {
    expect(existsSync(fileURLToPath(new URL(entry.busted.test, root)))).toBe(true);
  });
});

it('gives no code to two oracles', () => {
  const all = oracles.flatMap((o) => o.codes);
  expect(new Set(all).size).toBe(all.length);
});

it('makes the oracles that are asked for, and refuses others with the valid names', () => {
  expect(createOracles(judgedScenario(), ['rwsem', 'hotplug']).map((o) => o.id)).toEqual([
    'hotplug',
    'rwsem',
  ]);
  expect(createOracles(judgedScenario()).map((o) => o.id)).toEqual(oracleNames);
  const wrong = () => createOracles(judgedScenario(), ['rwsen', 'hotplug']);
  expect(wrong).toThrow(UsageError);
  expect(wrong).toThrow('unknown oracle "rwsen": did you mean "rwsem"?');
});
