// SPDX-License-Identifier: GPL-2.0-only
/** A long run needs no more memory than a short one. */
import { expect, it } from 'vitest';
import { FENCE, ORDER } from '#src/engine/fibers/memory_model.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { Rng } from '#src/util/rng.js';

const [WORDS, ACTORS] = [3000, 6];

function drive(model: ViewModel, accesses: number): void {
  const rng = new Rng(5);
  const fences = Object.values(FENCE);
  for (let i = 0; i < accesses; i++) {
    const [actor, addr] = [rng.below(ACTORS), rng.below(WORDS)];
    const kind = rng.below(10);
    if (kind < 4) model.load(actor, addr, ORDER.once + rng.below(2));
    else if (kind < 6) model.store(actor, addr, i, ORDER.once);
    else if (kind < 7) model.store(actor, addr, i, ORDER.release);
    else if (kind < 8) model.rmw(actor, addr, (old) => old + 1, rng.below(5));
    else model.fence(actor, fences[rng.below(fences.length)] as number);
  }
}

it('keeps a bounded number of words, messages and views', () => {
  const rng = new Rng(1);
  const model = new ViewModel({ words: 256, depth: 8 });
  const heap = new Int32Array(WORDS);
  model.reset(heap, ACTORS, (n) => rng.below(n));
  drive(model, 100_000);
  const { history } = model;
  const arena = history.snapshots.words.length;
  /* A view for each message, one of each actor's own, one it keeps of its last release, and one being made. */
  expect(history.snapshots.size).toBeLessThanOrEqual(256 * 8 + 2 * ACTORS + 1);
  drive(model, 400_000);
  expect(history.words).toBeLessThanOrEqual(256);
  expect(Math.max(...history.count)).toBeLessThanOrEqual(8);
  expect(history.snapshots.words.length).toBe(arena);
});

it('begins anew with each reset', () => {
  const model = new ViewModel({ words: 64, depth: 8 });
  const run = (): number[] => {
    const rng = new Rng(2);
    const heap = new Int32Array(40);
    model.reset(heap, 4, (n) => rng.below(n));
    const values: number[] = [];
    const drawn = new Rng(3);
    for (let i = 1; i < 2000; i++) {
      const [actor, addr] = [drawn.below(4), drawn.below(40)];
      if (drawn.chance(0.4)) model.store(actor, addr, i, ORDER.once + 2 * drawn.below(2));
      else values.push(model.load(actor, addr, ORDER.once + drawn.below(2)));
      if (drawn.chance(0.2)) model.fence(actor, drawn.below(3));
    }
    return values;
  };
  const first = run();
  expect(run()).toEqual(first);
  expect(run()).toEqual(first);
});
