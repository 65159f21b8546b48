// SPDX-License-Identifier: GPL-2.0-only
/** The idle task of a CPU that comes up late: the explanation names the look at the online mask that was too early. */
import { expect, it } from 'vitest';
import { explain } from '#src/explore/explain.js';
import { minimise } from '#src/explore/minimise.js';
import { firstFinding } from '../support/finding.js';

it('says that the mask was read before the CPU was in it, and that the other order is right', async () => {
  const { runner, found } = await firstFinding('hotplug', 'online-only', 'KLP-MISSED-SWITCH', 30);
  const small = await minimise(runner, found, { budget: 500 });
  if (small === null) throw new Error('it did not come again');
  const e = await explain(small.runner, small.found);
  expect(e.verdict).toBe('order');
  expect(e.constraints[0]?.word).toBe('cpu_online_mask');
  const [first, second] = e.accesses;
  expect(first).toMatchObject({
    actor: 'livepatch',
    fn: 'flag_online',
    what: expect.stringContaining('READ cpu_online_mask'),
  });
  expect(second?.fn).toBe('set_cpu_online');
  expect(e.rule).toContain('switch point');
  expect(JSON.parse(JSON.stringify(e))).toEqual(e);
});
