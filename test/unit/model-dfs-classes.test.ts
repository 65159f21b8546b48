// SPDX-License-Identifier: GPL-2.0-only
/** Two independent reductions agree: dfs with sleep sets completes one execution of each class, as DPOR does. */
import { expect, it } from 'vitest';
import { campaign } from '../support/model/campaign.js';

const over = (o: ReturnType<typeof campaign>): number[] => [
  o.ends.get('done') ?? 0,
  o.ends.get('deadlock') ?? 0,
];

it.each([
  ['sb', []],
  ['lp', [2, 1]],
  ['semaphore', []],
  ['busted-semaphore', []],
  ['condvar', []],
  ['barrier', [1]],
  ['busted-barrier', [1]],
  ['busted-timed-wait', []],
] as const)('%s %j', (name, sizes) => {
  const dpor = campaign(name, 'dpor', 20_000, sizes);
  const dfs = campaign(name, 'dfs', 40_000, sizes);
  expect(dpor.complete && dfs.complete).toBe(true);
  expect(over(dfs)).toEqual(over(dpor));
  expect(dpor.ends.get('cut')).toBeUndefined();
});
