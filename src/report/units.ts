// SPDX-License-Identifier: GPL-2.0-only
/**
 * How numbers look in text. Every function takes null for "not measured" and prints a dash for it; a number that is
 * not finite prints the same, so that a report never says NaN.
 */

const NONE = '-';

function known(n: number | null | undefined): n is number {
  return n !== null && n !== undefined && Number.isFinite(n);
}

/** `n / per`, or null where there is nothing to divide by. */
export function ratio(n: number, per: number | null): number | null {
  return per !== null && per > 0 && Number.isFinite(n) && Number.isFinite(per) ? n / per : null;
}

/** An exact count: 1234567. */
export function formatCount(n: number | null): string {
  return known(n) ? String(Math.round(n) + 0) : NONE;
}

/** `decimals` digits after the point. */
export function formatFixed(n: number | null, decimals: number): string {
  return known(n) ? n.toFixed(decimals) : NONE;
}

const siPrefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Three digits that count and an SI prefix: 999, 1.23k, 45.6M. Below 1000 whole numbers stay whole. */
export function formatSi(n: number | null): string {
  if (!known(n)) return NONE;
  let value = Math.abs(n);
  let prefix = 0;
  /* 999.5 would round to four digits. */
  while (value >= 999.5 && prefix < siPrefixes.length - 1) {
    value /= 1000;
    prefix++;
  }
  const text = prefix === 0 && Number.isInteger(value) ? String(value) : threeDigits(value);
  return `${n < 0 ? '-' : ''}${text}${siPrefixes[prefix]}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

/** A rate: 1.23M/s. */
export function formatRate(perSecond: number | null): string {
  return known(perSecond) ? `${formatSi(perSecond)}/s` : NONE;
}

/** A span given in microseconds, in the unit that fits it: 850us, 34.2ms, 1.50s. */
export function formatUs(us: number | null): string {
  if (!known(us)) return NONE;
  if (us < 999.5) return `${Math.round(us)}us`;
  if (us < 999_500) return `${threeDigits(us / 1e3)}ms`;
  return `${us < 999.5e6 ? threeDigits(us / 1e6) : Math.round(us / 1e6)}s`;
}

/** Milliseconds as torture_onoff_stats prints them: whole. */
export function formatWholeMs(ms: number | null): string {
  return formatCount(ms);
}

/** Milliseconds with two decimals, without the unit: for columns whose head names it. */
export function formatMs(ms: number | null): string {
  return formatFixed(ms, 2);
}

/** Seconds with one decimal: 30.0 s. */
export function formatSeconds(s: number | null): string {
  return known(s) ? `${s.toFixed(1)} s` : NONE;
}

/** Time since the start: 5s, 2m05s, 1h02m03s. */
export function formatElapsed(s: number | null): string {
  if (!known(s)) return NONE;
  const whole = Math.max(0, Math.round(s));
  const two = (n: number): string => String(n).padStart(2, '0');
  const seconds = whole % 60;
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  if (hours > 0) return `${hours}h${two(minutes)}m${two(seconds)}s`;
  return minutes > 0 ? `${minutes}m${two(seconds)}s` : `${seconds}s`;
}

/** Memory: 512B, 1.5MiB, 7.8GiB. */
export function formatBytes(bytes: number | null): string {
  if (!known(bytes)) return NONE;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)}${units[unit]}`;
}

/** `1 violation`, `3 violations`. */
export function formatPlural(n: number, one: string, many: string): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** A lock time as /proc/lock_stat shows it: microseconds with two decimals, rounded half up from whole ns. */
export function formatLockTime(ns: number): string {
  if (!known(ns)) return '0.00';
  const rounded = Math.floor(ns) + 5;
  const us = Math.floor(rounded / 1000);
  const hundredths = Math.floor((rounded - us * 1000) / 10);
  return `${us}.${String(hundredths).padStart(2, '0')}`;
}
