// SPDX-License-Identifier: GPL-2.0-only
/** What the view machine asks of the search: only real choices, the newest value first, the same again for the same. */
import { expect, it } from 'vitest';
import { FENCE, ORDER } from '#src/engine/fibers/memory_model.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { Rng } from '#src/util/rng.js';

/** Random accesses of 4 actors to 16 words; the values of the loads. */
function run(
  choose: (n: number) => number,
  onLoad?: (heap: Int32Array, addr: number, value: number) => void,
): number[] {
  const model = new ViewModel();
  const heap = new Int32Array(16);
  const rng = new Rng(9);
  const values: number[] = [];
  model.reset(heap, 4, choose);
  for (let i = 1; i < 3000; i++) {
    const [actor, addr] = [rng.below(4), rng.below(16)];
    if (rng.chance(0.4)) model.store(actor, addr, i, rng.chance(0.3) ? ORDER.release : ORDER.once);
    else {
      const value = model.load(actor, addr, rng.chance(0.3) ? ORDER.acquire : ORDER.once);
      values.push(value);
      onLoad?.(heap, addr, value);
    }
    if (rng.chance(0.1)) model.fence(actor, rng.below(3));
  }
  return values;
}

it('asks only if there is more than one value to read', () => {
  const asked: number[] = [];
  run((n) => {
    asked.push(n);
    return n - 1;
  });
  expect(asked.length).toBeGreaterThan(100);
  expect(Math.min(...asked)).toBe(2);
});

it('reads the newest value with alternative 0', () => {
  let loads = 0;
  run(
    () => 0,
    (heap, addr, value) => {
      loads++;
      expect(value).toBe(heap[addr]);
    },
  );
  expect(loads).toBeGreaterThan(1000);
});

it('does the same for the same choices, and something else for others', () => {
  const seeded = (seed: number) => {
    const rng = new Rng(seed);
    return (n: number) => rng.below(n);
  };
  expect(run(seeded(1))).toEqual(run(seeded(1)));
  expect(run(seeded(1))).not.toEqual(run(seeded(2)));
});

it('does not ask for a word that only its writer has touched', () => {
  const model = new ViewModel();
  model.reset(new Int32Array(4), 2, () => {
    throw new Error('asked');
  });
  for (let i = 1; i < 10; i++) {
    model.store(0, 1, i, ORDER.once);
    expect(model.load(0, 1, ORDER.once)).toBe(i);
    expect(model.load(1, 2, ORDER.once)).toBe(0);
  }
  expect(() => model.load(1, 1, ORDER.once)).toThrow('asked');
});

it('lets a waiting loop end: the same stale word is not read for ever', () => {
  const model = new ViewModel({ patience: 3 });
  model.reset(new Int32Array(4), 2, (n) => n - 1);
  model.store(0, 1, 7, ORDER.once);
  const seen = Array.from({ length: 6 }, () => model.load(1, 1, ORDER.once));
  expect(seen).toEqual([0, 0, 0, 7, 7, 7]);
});

it('shows a write that is not the program’s to all at once', () => {
  const model = new ViewModel();
  const heap = new Int32Array(4);
  model.reset(heap, 2, (n) => n - 1);
  model.store(0, 1, 7, ORDER.once);
  model.poke(1, 9);
  expect([model.load(0, 1, ORDER.once), model.load(1, 1, ORDER.once), heap[1]]).toEqual([9, 9, 9]);
});

it('keeps order when it runs out of words', () => {
  const model = new ViewModel({ words: 8, depth: 4 });
  model.reset(new Int32Array(64), 2, (n) => n - 1);
  for (let addr = 1; addr < 64; addr++) {
    model.store(0, addr, 1, ORDER.once);
    model.fence(0, FENCE.wmb);
    if (model.load(1, addr, ORDER.acquire) === 1)
      expect(model.load(1, addr - 1, ORDER.once)).toBe(addr === 1 ? 0 : 1);
  }
});

it('keeps order among many words', () => {
  const model = new ViewModel();
  let trial = 0;
  for (const [before, after] of [
    [FENCE.wmb, FENCE.rmb],
    [FENCE.mb, FENCE.mb],
    [FENCE.wmb, -1],
  ] as const) {
    model.reset(new Int32Array(400), 3, (n) => (trial++ % 3 === 0 ? 0 : n - 1));
    for (let addr = 300; addr > 1; addr--) model.store(2, addr, 1, ORDER.once);
    for (let addr = 2; addr < 300; addr++) {
      model.store(0, addr, 2, ORDER.once);
      model.fence(0, before);
      model.store(0, addr + 1, 2, ORDER.once);
      const flag = model.load(1, addr + 1, after < 0 ? ORDER.acquire : ORDER.once);
      if (after >= 0) model.fence(1, after);
      if (flag === 2) expect(model.load(1, addr, ORDER.once)).toBe(2);
    }
  }
});
