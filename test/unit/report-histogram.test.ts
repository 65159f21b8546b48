// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { LatencyHistogram } from '#src/report/histogram.js';

function ofRange(from: number, to: number): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let us = from; us <= to; us++) histogram.recordValue(us);
  return histogram;
}

it('gives percentiles to three digits, and the ends and the mean exactly', () => {
  const s = ofRange(1, 100_000).summary();
  if (s === null) throw new Error('no summary');
  expect(s.count).toBe(100_000);
  expect([s.minUs, s.meanUs, s.maxUs]).toEqual([1, 50_000.5, 100_000]);
  for (const [value, exact] of [
    [s.p50Us, 50_000],
    [s.p90Us, 90_000],
    [s.p99Us, 99_000],
  ] as const) {
    expect(Math.abs(value / exact - 1)).toBeLessThan(0.001);
  }
});

it('has no percentile beyond the largest value, however few there are', () => {
  const histogram = new LatencyHistogram();
  histogram.recordValue(34_000.25);
  expect(histogram.summary()).toMatchObject({
    count: 1,
    minUs: 34_000.25,
    p50Us: 34_000.25,
    p99Us: 34_000.25,
    maxUs: 34_000.25,
  });
});

it('has no summary before the first value', () => {
  expect(new LatencyHistogram().summary()).toBeNull();
  expect(LatencyHistogram.from(null).summary()).toBeNull();
});

it('crosses threads as plain data and adds up', () => {
  const low = ofRange(1, 500).summary();
  const high = ofRange(501, 1000).summary();
  if (low === null || high === null) throw new Error('no summary');
  const sum = LatencyHistogram.from(structuredClone(low));
  sum.addSummary(structuredClone(high));
  const { histogram, ...numbers } = sum.summary() ?? { histogram: '' };
  const { histogram: whole, ...expected } = ofRange(1, 1000).summary() ?? { histogram: '' };
  expect(numbers).toEqual(expected);
  expect(histogram.length).toBeGreaterThan(0);
  expect(LatencyHistogram.from(sum.summary()).summary()).toEqual(sum.summary());
  expect(whole.length).toBeGreaterThan(0);
});

it('takes zero and hours', () => {
  const histogram = new LatencyHistogram();
  for (const us of [0, 0.25, 1e10]) histogram.recordValue(us);
  const again = LatencyHistogram.from(histogram.summary());
  expect(again.summary()).toMatchObject({ count: 3, minUs: 0, maxUs: 1e10 });
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (us) => {
  expect(() => new LatencyHistogram().recordValue(us)).toThrow(RangeError);
});
