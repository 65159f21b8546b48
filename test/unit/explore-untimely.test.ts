// SPDX-License-Identifier: GPL-2.0-only
/** What comes too early conflicts with no access of the step that it should have come after; the order is found all the same. */
import { expect, it } from 'vitest';
import { record } from '#src/explore/recorded.js';
import { searchOrders } from '#src/explore/search_orders.js';
import { firstFinding } from '../support/finding.js';

it('names the switch of a child before klp_start_transition', async () => {
  const { runner, found } = await firstFinding('forkstorm', 'fork-fix-v1', 'KLP-STRAY-SWITCH', 96, {
    seed: 5,
  });
  const recorded = record(runner, found);
  const { orders } = searchOrders(recorded);
  expect(orders.verdict).toBe('orders');
  expect(orders.together.fails).toBeGreaterThanOrEqual(0.8 * orders.together.of);
});
