// SPDX-License-Identifier: GPL-2.0-only
/** Seeded random numbers: the same seed gives the same numbers, and they keep to their range. */
import { describe, expect, it } from 'vitest';
import { actorSeed, Rng } from '#src/util/rng.js';

const DRAWS = 20_000;

function draws(seed: number, n: number): number[] {
  const rng = new Rng(seed);
  return Array.from({ length: n }, () => rng.next());
}

describe('next', () => {
  it('depends on the seed alone', () => {
    expect(draws(42, 100)).toEqual(draws(42, 100));
    expect(draws(42, 100)).not.toEqual(draws(43, 100));
  });

  it('keeps its numbers from release to release, so that seeds in reports stay good', () => {
    expect(draws(1, 4)).toMatchInlineSnapshot(`
      [
        1580013426,
        350525680,
        3524174333,
        3011703609,
      ]
    `);
  });

  it('gives unsigned words, each bit set about half the time', () => {
    const ones = new Array<number>(32).fill(0);
    const drawn = draws(7, DRAWS);
    expect(drawn.every((x) => Number.isInteger(x) && x >= 0 && x < 2 ** 32)).toBe(true);
    for (const x of drawn) {
      for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] as number) + ((x >>> bit) & 1);
    }
    /* Seven standard deviations; the seed is fixed. */
    for (const n of ones) expect(Math.abs(n / DRAWS - 0.5)).toBeLessThan(0.025);
  });
});

describe('ranges', () => {
  it('below(n) gives every number of [0, n) and no other', () => {
    const rng = new Rng(3);
    const seen = new Set(Array.from({ length: 1000 }, () => rng.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(rng.below(1)).toBe(0);
  });

  it('between(lo, hi) stays in [lo, hi)', () => {
    const rng = new Rng(4);
    for (let i = 0; i < 1000; i++) {
      const x = rng.between(-2, 3);
      expect(x >= -2 && x < 3).toBe(true);
    }
    expect(rng.between(5, 5)).toBe(5);
  });

  it('chance(p) is never for 0, always for 1, and near p between', () => {
    const rng = new Rng(5);
    const hits = (p: number) => Array.from({ length: DRAWS }, () => rng.chance(p)).filter(Boolean).length;
    expect(hits(0)).toBe(0);
    expect(hits(1)).toBe(DRAWS);
    expect(Math.abs(hits(0.2) / DRAWS - 0.2)).toBeLessThan(0.02);
  });
});

describe('actorSeed', () => {
  it('gives the actors of a run, and the runs of an actor, seeds of their own', () => {
    const seeds = new Set<number>();
    for (let run = 0; run < 50; run++)
      for (let actor = 0; actor < 40; actor++) seeds.add(actorSeed(run, actor));
    expect(seeds.size).toBe(50 * 40);
    expect(actorSeed(1, 2)).toBe(actorSeed(1, 2));
  });
});
