// SPDX-License-Identifier: GPL-2.0-only
/** The idle task of a CPU that comes up late: the explanation names the look at the online mask that was too early. */
import { expect, it } from 'vitest';
import { study } from '#src/explore/study.js';
import { firstFinding } from '../support/finding.js';

it('says that the mask was read before the CPU was in it, and that the other order is right', async () => {
  const { runner, found } = await firstFinding('hotplug', 'online-only', 'KLP-MISSED-SWITCH', 30, {
    seed: 3,
  });
  const made = await study({ subject: runner.subject, finding: { first: found, count: 1 } });
  const e = made?.explanation;
  if (e === null || e === undefined) throw new Error('it was not explained');
  expect(e.verdict).toBe('orders');
  expect(e.constraints[0]?.word).toBe('cpu_online_mask');
  const [first, second] = e.accesses;
  expect(first).toMatchObject({
    actor: 'livepatch',
    fn: 'flag_online',
    what: expect.stringContaining('READ cpu_online_mask'),
  });
  expect(second?.fn).toBe('set_cpu_online');
  /* Enough: it comes nearly whenever the order is kept. Needed: never when it is turned round, and seldom by itself. */
  expect(e.together.of).toBeGreaterThanOrEqual(20);
  expect(e.together.fails).toBeGreaterThanOrEqual(0.9 * e.together.of);
  expect(e.constraints[0]?.turned.of).toBeGreaterThanOrEqual(5);
  expect(e.constraints[0]?.turned.fails).toBe(0);
  expect(e.free.fails).toBeLessThan(e.free.of / 2);
  expect(e.rule).toContain('switch point');
  expect(JSON.parse(JSON.stringify(e))).toEqual(e);
});
