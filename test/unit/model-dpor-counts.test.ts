// SPDX-License-Identifier: GPL-2.0-only
/** On the real engine optimal DPOR makes one execution for each class of equivalent ones, and no other. */
import { expect, it } from 'vitest';
import { campaign } from '../support/model/campaign.js';

it.each([
  ['mp', [], 2],
  ['sb', [], 3],
  ['lp', [1, 1], 6],
  ['lp', [1, 2], 21],
  ['lp', [1, 3], 62],
  ['lp', [1, 4], 155],
  ['lp', [2, 1], 36],
  ['lp', [2, 2], 441],
  ['lp', [2, 3], 3844],
  ['lp', [3, 1], 216],
  ['lp', [3, 2], 9261],
] as const)('%s %j: %i executions', (name, sizes, count) => {
  const { ends, findings, complete } = campaign(name, 'dpor', count + 1000, sizes);
  expect([...ends]).toEqual([['done', count]]);
  expect(findings).toEqual([]);
  expect(complete).toBe(true);
});
