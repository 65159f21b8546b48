// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { StatSeries } from '#src/report/stat.js';
import { firstLook } from '../support/soak_result.js';

function series(seconds: number): StatSeries {
  const s = new StatSeries(5);
  for (let elapsedSeconds = 1; elapsedSeconds <= seconds; elapsedSeconds++) {
    s.add({ ...firstLook, elapsedSeconds, counts: { ...firstLook.counts, syscalls: 10 * elapsedSeconds } });
  }
  return s;
}

it('keeps a look at every interval, with what it added', () => {
  const stats = series(20).result();
  expect(stats.map((s) => [s.elapsedSeconds, s.intervalSeconds, s.delta.syscalls])).toEqual([
    [5, 5, 50],
    [10, 5, 50],
    [15, 5, 50],
    [20, 5, 50],
  ]);
});

it('thins out in a long run, at even distances', () => {
  const stats = series(40_000).result();
  expect(stats.length).toBeLessThan(512);
  expect(new Set(stats.map((s) => s.intervalSeconds)).size).toBe(1);
  expect(stats.reduce((sum, s) => sum + s.delta.syscalls, 0)).toBe(10 * (stats.at(-1)?.elapsedSeconds ?? 0));
});
