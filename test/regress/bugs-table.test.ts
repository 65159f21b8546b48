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

/** Every bug and mutant that the notes on the kernel's history collect, by its name there. */
const CATALOGUE = `
  fork-tif-vs-state fork-fix-v1-target-state tasklist-rcu-fork-gap rcu-child-idle-handler-target reverse-vs-self-switch
  cr-reverse-missing-wmb cr-try-switch-missing-rmb cr-reverse-flips-under-stack-check complete-patched-no-sync
  force-then-next-patch rcu-not-watching-idle klp-func-used-after-rcu target-undefined-by-early-flag idle-online-only-v3
  idle-undefined-on-online idle-complete-online-only idle-offline-switch-unlocked hotplug-disable-whole-transition
  idle-never-reaches-switch-point rcuwait-wake-barrier percpu-rwsem-nonatomic-count hotplug-enable-unbalanced
  module-coming-going-klp-alive sysfs-klp-mutex-inversion shadow-var-publish-before-init tasklist-lock-hold-hardlockup
  contended-break-livelock cpu-bound-kthread-never-switches vcpu-never-exits
  A1 A3 A4 B1 B2 B4 B6 C1 C2 D1 D6 S1 E2 E3 E6 E8 E10 E12 F2 F4 F7 G1 G6 G7 G8 G9 G12 H1 H3 I1 I3 J1 L4 N1 M1 M4 M5 M10
  M13 M14 M18 M19 M20 EQ1 EQ2 EQ3 EQ4 EQ5 EQ6`
  .trim()
  .split(/\s+/);

describe('the table of known bugs', () => {
  it('has every entry of the catalogue, as a change or with the reason why there is none', () => {
    const names = [...bugs.flatMap((b) => [b.id, ...(b.also ?? [])]), ...inexpressible.map((i) => i.id)];
    expect(CATALOGUE.filter((id) => !names.includes(id))).toEqual([]);
  });

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
    const shows = bug.expected.length > 0 || bug.suspicion !== undefined || bug.fault !== undefined;
    expect(shows).toBe(bug.needs !== 'none');
  });
});
