// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatElapsed,
  formatFixed,
  formatLockTime,
  formatPlural,
  formatRate,
  formatSeconds,
  formatSi,
  formatUs,
  ratio,
} from '#src/report/units.js';

it('keeps three digits of large numbers and never a fourth', () => {
  expect(
    [0, 1, 0.5, 12.34, 999, 999.4, 999.6, 1000, 1234, 99_950, 999_499, 999_500, 1.2e6, 7e9].map(formatSi),
  ).toEqual([
    '0',
    '1',
    '0.50',
    '12.3',
    '999',
    '999',
    '1.00k',
    '1.00k',
    '1.23k',
    '100k',
    '999k',
    '1.00M',
    '1.20M',
    '7.00G',
  ]);
  expect(formatSi(-1500)).toBe('-1.50k');
  expect(formatRate(1_200_000)).toBe('1.20M/s');
});

it('gives spans in the unit that fits', () => {
  expect([0, 850, 999.6, 2000, 34_000, 999_499, 999_600, 1.5e6, 3.6e9].map(formatUs)).toEqual([
    '0us',
    '850us',
    '1.00ms',
    '2.00ms',
    '34.0ms',
    '999ms',
    '1.00s',
    '1.50s',
    '3600s',
  ]);
  expect([0, 5, 65, 3723].map(formatElapsed)).toEqual(['0s', '5s', '1m05s', '1h02m03s']);
  expect(formatSeconds(30.04)).toBe('30.0 s');
});

it('gives memory in powers of 1024', () => {
  expect([0, 512, 1024, 1.5 * 2 ** 20, 2 ** 30 - 1, 8 * 2 ** 30].map(formatBytes)).toEqual([
    '0B',
    '512B',
    '1.0KiB',
    '1.5MiB',
    '1.0GiB',
    '8.0GiB',
  ]);
});

it('rounds lock times as the kernel does: 5 ns up, two decimals of a microsecond', () => {
  expect([0, 4, 5, 994, 995, 1234, 1_000_000, 17_464_026_916_320].map(formatLockTime)).toEqual([
    '0.00',
    '0.00',
    '0.01',
    '0.99',
    '1.00',
    '1.23',
    '1000.00',
    '17464026916.32',
  ]);
});

it('prints a dash for what was not measured, and never NaN', () => {
  const formats = [formatCount, formatSi, formatRate, formatUs, formatElapsed, formatSeconds, formatBytes];
  for (const format of formats) {
    for (const n of [null, Number.NaN, Number.POSITIVE_INFINITY]) expect(format(n)).toBe('-');
  }
  expect(formatFixed(null, 2)).toBe('-');
  expect(formatLockTime(Number.NaN)).toBe('0.00');
  expect(formatCount(-0)).toBe('0');
});

it('divides by nothing without a number', () => {
  expect(ratio(10, 4)).toBe(2.5);
  expect([ratio(1, 0), ratio(1, null), ratio(0, 0), ratio(1, Number.NaN), ratio(1, -1)]).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

it('counts one in the singular', () => {
  expect([0, 1, 2].map((n) => formatPlural(n, 'time', 'times'))).toEqual(['0 times', '1 time', '2 times']);
});
