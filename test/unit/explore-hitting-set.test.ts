// SPDX-License-Identifier: GPL-2.0-only
/** The cheapest set of orders that has one of each counterexample. */
import { expect, it } from 'vitest';
import { cheapestHittingSet, MOST } from '#src/explore/hitting_set.js';

const weights = [1, 5, 1, 1, 9];
const cost = (chosen: readonly number[]): number =>
  chosen.reduce((sum, i) => sum + (weights[i] as number), 0);

it('has one of each set, is the cheapest that does, and none that is banned', () => {
  const sets = [
    [0, 1],
    [1, 2],
    [1, 3, 4],
  ];
  expect(cheapestHittingSet(sets, cost, [])?.sort()).toEqual([0, 2, 3]);
  expect(cheapestHittingSet(sets, cost, [[0]])?.sort()).toEqual([1]);
  expect(cheapestHittingSet(sets, cost, [[0], [1]])).toBeNull();
  expect(cheapestHittingSet([], cost, [])).toEqual([]);
});

it('gives up where it takes too many', () => {
  const sets = Array.from({ length: MOST + 1 }, (_, i) => [i]);
  expect(cheapestHittingSet(sets, () => 0, [])).toBeNull();
});
