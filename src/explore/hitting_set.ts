// SPDX-License-Identifier: GPL-2.0-only
/** The cheapest set of things that has one of each of some sets. */

/** Larger sets explain nothing. */
export const MOST = 4;

/**
 * `sets` are lists of things. `cost` of a set never falls when something is added. `banned`: sets that are not to be
 * used, nor any that contains them. Null: there is none of at most MOST.
 */
export function cheapestHittingSet(
  sets: readonly (readonly number[])[],
  cost: (chosen: readonly number[]) => number,
  banned: readonly (readonly number[])[],
): number[] | null {
  let best: number[] | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  /* Branches over the members of the smallest set that is not hit: one of them must be in. */
  const ordered = [...sets].sort((a, b) => a.length - b.length);
  const extend = (chosen: readonly number[]): void => {
    const price = cost(chosen);
    if (price >= bestCost || banned.some((b) => b.every((i) => chosen.includes(i)))) return;
    const open = ordered.find((s) => !s.some((i) => chosen.includes(i)));
    if (open === undefined) {
      best = [...chosen];
      bestCost = price;
    } else if (chosen.length < MOST) {
      for (const i of open) extend([...chosen, i]);
    }
  };
  extend([]);
  return best;
}
