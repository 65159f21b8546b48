// SPDX-License-Identifier: GPL-2.0-only
/** A cycle of lock orders whose steps were seen in several executions comes again when these are made one after another. */
import { expect, it } from 'vitest';
import { Runner } from '#src/explore/runner.js';
import { partsOf, runTogether } from '#src/explore/together.js';
import { subjectOf } from '../support/exploring.js';

/** klp_mutex is taken under the locks of hotplug, and the other way round. */
const choice = { protocol: 'busted-notifiers-klp-mutex', explore: {}, seed: 3 };

it('is found again in the executions that it names, made shorter', async () => {
  const runner = await Runner.create(await subjectOf(choice));
  runner.beginBatch();
  const numbers = (v: { sites: readonly { execution?: number }[] }) =>
    new Set(v.sites.flatMap((s) => s.execution ?? []));
  for (let i = 0; ; i++) {
    expect(i).toBeLessThan(32);
    const found = runner.run(i)?.found.find((f) => f.violation.code === 'LOCKDEP-CYCLE');
    if (found === undefined || numbers(found.violation).size < 2) continue;
    const made = partsOf(runner, { first: found, count: 1 });
    expect(made?.parts).toHaveLength(numbers(found.violation).size);
    expect(made?.violation.summary).toBe(found.violation.summary);
    const again = runTogether(runner, made?.parts ?? []);
    expect(again.violations.map((v) => v.code)).toContain('LOCKDEP-CYCLE');
    expect(again.size).toEqual(made?.after);
    expect(made?.after.switches).toBeLessThanOrEqual(made?.before.switches as number);
    return;
  }
});
