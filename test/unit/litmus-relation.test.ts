// SPDX-License-Identifier: GPL-2.0-only
/** Relations as bit matrices against relations as lists of pairs, on fewer and on more events than a word has bits. */
import { describe, expect, it } from 'vitest';
import { createSpace, intersect, minus, type Relation, union } from '#src/litmus/axiomatic/relation.js';
import { Rng } from '#src/util/rng.js';

type Pair = readonly [number, number];
const key = ([a, b]: Pair) => `${a},${b}`;

describe.each([1, 7, 31, 32, 33, 70])('%d events', (events) => {
  const space = createSpace(events);
  const rng = new Rng(events);
  const draw = (): Pair[] => {
    const pairs = new Map<string, Pair>();
    for (let i = 0; i < events; i++) {
      const pair: Pair = [rng.below(events), rng.below(events)];
      pairs.set(key(pair), pair);
    }
    return [...pairs.values()];
  };
  const build = (pairs: readonly Pair[]): Relation => {
    const r = space.none();
    for (const [a, b] of pairs) space.add(r, a, b);
    return r;
  };
  const list = (r: Relation): string[] => {
    const found: string[] = [];
    for (let a = 0; a < events; a++)
      for (let b = 0; b < events; b++) if (space.has(r, a, b)) found.push(key([a, b]));
    return found.sort();
  };
  const sorted = (pairs: readonly Pair[]): string[] => [...new Set(pairs.map(key))].sort();
  const compose = (a: readonly Pair[], b: readonly Pair[]): Pair[] =>
    a.flatMap(([i, j]) => b.flatMap(([k, l]) => (j === k ? [[i, l] as const] : [])));
  const closure = (a: readonly Pair[]): Pair[] => {
    let all = [...a];
    for (;;) {
      const next = new Map([...all, ...compose(all, a)].map((p) => [key(p), p]));
      if (next.size === all.length) return all;
      all = [...next.values()];
    }
  };
  const [a, b] = [draw(), draw()];
  const [ra, rb] = [build(a), build(b)];
  const has = (pairs: readonly Pair[], p: Pair) => pairs.some((q) => key(q) === key(p));

  it('union, intersection, difference', () => {
    expect(list(union(ra, rb))).toEqual(sorted([...a, ...b]));
    expect(list(intersect(ra, rb))).toEqual(sorted(a.filter((p) => has(b, p))));
    expect(list(minus(ra, rb))).toEqual(sorted(a.filter((p) => !has(b, p))));
  });

  it('composition, inverse, closure', () => {
    expect(list(space.then(ra, rb))).toEqual(sorted(compose(a, b)));
    expect(list(space.inverse(ra))).toEqual(sorted(a.map(([i, j]) => [j, i] as const)));
    expect(list(space.plus(ra))).toEqual(sorted(closure(a)));
  });

  it('cycles', () => {
    expect(space.isAcyclic(ra)).toBe(!closure(a).some(([i, j]) => i === j));
    const forward = a.filter(([i, j]) => i < j);
    expect(space.isAcyclic(build(forward))).toBe(true);
  });

  it('restriction to sets', () => {
    const even = space.set(Array.from({ length: events }, (_, i) => i).filter((i) => i % 2 === 0));
    expect(list(space.from(even, ra))).toEqual(sorted(a.filter(([i]) => i % 2 === 0)));
    expect(list(space.to(ra, even))).toEqual(sorted(a.filter(([, j]) => j % 2 === 0)));
    expect(list(space.identity(space.domain(ra)))).toEqual(sorted(a.map(([i]) => [i, i] as const)));
    expect(list(space.identity(space.range(ra)))).toEqual(sorted(a.map(([, j]) => [j, j] as const)));
  });
});
