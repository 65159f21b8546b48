// SPDX-License-Identifier: GPL-2.0-only
/** The race of fork with the flagging of tasks: a flag copied too early, and a child that is not in the list yet. */
import { expect, it } from 'vitest';
import { explain } from '#src/explore/explain.js';
import { minimise } from '#src/explore/minimise.js';
import { firstFinding } from '../support/finding.js';

it('names the copy of the flag and the list of tasks, each of which turned round is right', async () => {
  const { runner, found } = await firstFinding('forkstorm', 'mainline-4.12', 'KLP-NO-FLAG', 1000, {
    seed: 2,
  });
  const small = await minimise(runner, found, { budget: 600 });
  if (small === null) throw new Error('it did not come again');
  const e = explain(small.runner, small.found);
  expect(e.verdict).toBe('orders');
  expect(e.constraints.map((c) => c.word.replace(/^task \d+\./, '')).sort()).toEqual([
    'tasks',
    'thread_flags',
  ]);
  expect(e.together.fails).toBeGreaterThanOrEqual(0.9 * e.together.of);
  for (const c of e.constraints) expect(c.turned.fails).toBe(0);
  expect(e.accesses.map((a) => a.fn)).toEqual(expect.arrayContaining(['copy_process', 'klp_flag_task']));
});
