// SPDX-License-Identifier: GPL-2.0-only
/** The detector finds a race on a word exactly when comparing all pairs of accesses does. */
import { expect, it } from 'vitest';
import { Rng } from '#src/util/rng.js';
import { actor, detector, type Op, run } from '../support/race_program.js';
import { racyWords } from '../support/race_reference.js';

const ACTORS = 4;

function draw(rng: Rng, length: number): Op[] {
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)] as T;
  return Array.from({ length }, () => {
    const a = actor(rng.below(ACTORS));
    const what = rng.below(10);
    /* Plain accesses mostly to words of their own, so that not every word races at once. */
    if (what < 4) {
      const word = 8 + rng.below(12);
      return rng.below(3) === 0 ? a.store(word, 'plain') : a.load(word, 'plain');
    }
    if (what === 4) return a.fence(pick(['mb', 'rmb', 'wmb']));
    if (what === 5) return rng.below(2) === 0 ? a.wake(rng.below(2)) : a.woken(rng.below(2));
    const word = rng.below(9);
    if (what < 8) return a.load(word, pick(['once', 'acquire', 'dereference']));
    if (what === 8) return a.store(word, pick(['once', 'release', 'full']));
    return a.rmw(word, pick(['once', 'acquire', 'release', 'full']));
  });
}

it('over drawn programs', () => {
  const rng = new Rng(1);
  const seen = { racy: 0, clean: 0 };
  for (let i = 0; i < 3000; i++) {
    const ops = draw(rng, 4 + rng.below(40));
    const d = detector();
    run(d, ops, ACTORS);
    const found = new Set(d.violations.map((v) => Number(/on word (\d+)$/.exec(v.summary)?.[1])));
    const expected = racyWords(ops, ACTORS);
    expect([...found].sort(), JSON.stringify(ops)).toEqual([...expected].sort());
    const touched = new Set(ops.flatMap((op) => ('order' in op && op.order === 'plain' ? [op.word] : [])));
    seen.racy += expected.size;
    seen.clean += [...touched].filter((w) => !expected.has(w)).length;
  }
  /* Both answers are common, so the agreement says something. */
  expect(Math.min(seen.racy, seen.clean)).toBeGreaterThan(2000);
});
