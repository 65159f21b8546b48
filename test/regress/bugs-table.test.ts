// SPDX-License-Identifier: GPL-2.0-only
/** The table of known bugs: what it names is there, and every patch has its row. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkers } from '#src/oracle/checkers.js';
import { oracles } from '#src/oracle/index.js';
import { protocolNames } from '#src/protocol/index.js';
import { loadScenario } from '#src/scenario/load.js';
import { projectRoot } from '../support/arch/source.js';
import { patchIds } from '../support/regress/patched_sources.js';
import { bugs, inexpressible, type KnownBug } from './bugs.js';

function scenarioOf({ scenario }: KnownBug) {
  const file = join(projectRoot, 'test/regress/scenarios', `${scenario.name}.yaml`);
  return loadScenario(existsSync(file) ? file : scenario.name, scenario.overrides ?? {}, protocolNames);
}

describe('the table of known bugs', () => {
  it('has one row for each name', () => {
    const names = bugs.flatMap((b) => [b.id, ...(b.also ?? [])]);
    expect([...names, ...inexpressible.map((i) => i.id)].filter((n, i, all) => all.indexOf(n) !== i)).toEqual(
      [],
    );
  });

  it('has a row for every patch, under its name', () => {
    const patched = bugs.flatMap((b) => ('patch' in b.change ? [b.change.patch] : []));
    expect(patched.sort()).toEqual(patchIds());
    expect(bugs.filter((b) => 'patch' in b.change && b.change.patch !== b.id)).toEqual([]);
  });

  it('has a row for every protocol that is wrong on purpose', () => {
    const used = bugs.flatMap((b) => ('protocol' in b.change ? [b.change.protocol] : []));
    expect(used.filter((p) => !protocolNames.includes(p))).toEqual([]);
    const busted = protocolNames.filter((p) => p.startsWith('busted-') && !used.includes(p));
    expect(busted).toEqual(['busted-clear-online', 'busted-switch-running', 'busted-no-recheck']);
  });

  it.each(bugs.map((b) => [b.id, b] as const))('%s: scenario and codes are there', (_id, bug) => {
    expect(scenarioOf(bug).name).toBe(bug.scenario.name);
    const codes = [...oracles, ...checkers].flatMap((o) => o.codes);
    expect(bug.expected.filter((code) => !codes.includes(code))).toEqual([]);
    const shows = bug.expected.length > 0 || bug.suspicion !== undefined;
    expect(shows).toBe(bug.needs !== 'none');
  });
});
