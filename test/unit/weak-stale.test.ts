// SPDX-License-Identifier: GPL-2.0-only
/** A stale load can be told of: what it missed, and which barrier is missing. */
import { expect, it } from 'vitest';
import { FENCE, ORDER } from '#src/engine/fibers/memory_model.js';
import { TsoModel } from '#src/engine/fibers/weak/tso.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';

const [X, Y] = [1, 2];

/** Loads of y take the newest value, those of x the oldest. */
function machine(): ViewModel {
  const model = new ViewModel();
  model.reset(new Int32Array(4), 3, (n) => n - 1);
  return model;
}

it('says what was read, what there was, and who wrote it', () => {
  const model = machine();
  model.store(0, X, 5, ORDER.once);
  model.store(1, X, 6, ORDER.once);
  expect(model.load(2, X, ORDER.once)).toBe(0);
  expect(model.stale).toMatchObject({ addr: X, value: 0, newest: 6, writer: -1, newestWriter: 1, age: 2 });
  expect(model.load(1, X, ORDER.once)).toBe(6);
  expect(model.stale).toBeNull();
});

it('names the read barrier if the reader had the store at hand', () => {
  const model = new ViewModel();
  const picks = [0, 1];
  model.reset(new Int32Array(4), 2, () => picks.shift() as number);
  model.store(0, X, 1, ORDER.once);
  model.fence(0, FENCE.wmb);
  model.store(0, Y, 1, ORDER.once);
  expect([model.load(1, Y, ORDER.once), model.load(1, X, ORDER.once)]).toEqual([1, 0]);
  expect(model.stale?.remedy).toMatch(/^smp_rmb\(\)/);
});

it('names the write barrier if a later store of that writer was read', () => {
  const model = new ViewModel();
  const picks = [0, 1];
  model.reset(new Int32Array(4), 2, () => picks.shift() as number);
  model.store(0, X, 1, ORDER.once);
  model.store(0, Y, 1, ORDER.once);
  expect([model.load(1, Y, ORDER.acquire), model.load(1, X, ORDER.once)]).toEqual([1, 0]);
  expect(model.stale?.remedy).toMatch(/^smp_wmb\(\)/);
});

it('names the full barrier if nothing was read', () => {
  const model = machine();
  model.store(0, X, 1, ORDER.once);
  model.store(1, Y, 1, ORDER.once);
  expect(model.load(1, X, ORDER.once)).toBe(0);
  expect(model.stale?.remedy).toMatch(/^smp_mb\(\)/);
});

it('tells of a store that waits in a buffer', () => {
  const model = new TsoModel();
  model.reset(new Int32Array(4), 2, () => 0);
  model.store(0, X, 1, ORDER.once);
  expect(model.load(1, X, ORDER.once)).toBe(0);
  expect(model.stale).toMatchObject({ addr: X, value: 0, newest: 1, newestWriter: 0, age: 1 });
  model.internalStep(0);
  expect(model.load(1, X, ORDER.once)).toBe(1);
  expect(model.stale).toBeNull();
});
