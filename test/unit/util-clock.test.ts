// SPDX-License-Identifier: GPL-2.0-only
/** Clocks never go back, and all threads of the process read the same one. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { clockSince, hostMs, wallClockIso } from '#src/util/clock.js';

it('does not go back', () => {
  const clock = clockSince(hostMs());
  const reads = Array.from({ length: 10_000 }, () => clock.now_ns());
  expect([...reads].sort((a, b) => a - b)).toEqual(reads);
});

it('counts ns from the moment that it is given', () => {
  const early = clockSince(hostMs() - 5000);
  const late = clockSince(hostMs());
  expect(early.now_ns()).toBeGreaterThanOrEqual(5000 * 1e6 - 1e3);
  expect(late.now_ns()).toBeLessThan(early.now_ns());
});

it('is one clock for all threads: what a thread reads lies between reads before and after', async () => {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(({ hostMs }) => parentPort.postMessage(hostMs()));`;
  const before = hostMs();
  const module = new URL('../../dist/src/util/clock.js', import.meta.url).href;
  const worker = new Worker(code, { eval: true, workerData: module });
  const inside = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const after = hostMs();
  await worker.terminate();
  /* timeOrigin has a resolution of its own in each thread. */
  expect(inside).toBeGreaterThanOrEqual(before - 1);
  expect(inside).toBeLessThanOrEqual(after + 1);
});

it('gives wall clock time as ISO 8601 in UTC', () => {
  expect(wallClockIso()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
