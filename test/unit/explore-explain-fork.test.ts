// SPDX-License-Identifier: GPL-2.0-only
/** The race of fork with the flagging of tasks: a flag that is copied too early; its orders give a simple schedule. */
import { expect, it } from 'vitest';
import { study } from '#src/explore/study.js';
import { firstFinding } from '../support/finding.js';

it('names the copy that came before the flag, and leaves one or two preemptions of dozens', async () => {
  const { runner, found } = await firstFinding('forkstorm', 'mainline-4.12', 'KLP-NO-FLAG', 1000, {
    explore: { syscalls: 2 },
    seed: 3,
  });
  const made = await study({ subject: runner.subject, finding: { first: found, count: 1 } });
  expect(made?.before.preemptions).toBeGreaterThan(5);
  expect(made?.after.preemptions).toBeGreaterThanOrEqual(1);
  expect(made?.after.preemptions).toBeLessThanOrEqual(2);
  const e = made?.explanation;
  if (e === null || e === undefined) throw new Error('it was not explained');
  expect(e.verdict).toBe('orders');
  expect(e.constraints.map((c) => c.word)).toContainEqual(expect.stringMatching(/^task \d+\.thread_flags$/));
  expect(e.accesses.map((a) => a.fn)).toEqual(expect.arrayContaining(['copy_process', 'klp_flag_task']));
  expect(e.together.fails).toBeGreaterThanOrEqual(0.8 * e.together.of);
  expect(e.free.fails).toBeLessThan(0.2 * e.free.of);
});
