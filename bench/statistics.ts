// SPDX-License-Identifier: GPL-2.0-only
/** Robust statistics over samples of a noisy machine. All throw RangeError on no samples. */

export interface Spread {
  readonly median: number;
  /** Median absolute deviation from the median, in the unit of the samples. */
  readonly mad: number;
  readonly samples: number;
}

export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

export function spread(samples: readonly number[]): Spread {
  const m = median(samples);
  return { median: m, mad: median(samples.map((x) => Math.abs(x - m))), samples: samples.length };
}

/** The same samples in another unit. */
export function scaled(s: Spread, by: number): Spread {
  return { median: s.median * by, mad: s.mad * by, samples: s.samples };
}

export interface Line {
  /** Units of y for each unit of x. */
  readonly slope: number;
  readonly intercept: number;
  /** Standard error of the slope; infinite for fewer than three points. */
  readonly slopeError: number;
}

/** Least squares. Throws RangeError for fewer than two different x. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const n = points.length;
  let mx = 0;
  let my = 0;
  for (const p of points) {
    mx += p.x / n;
    my += p.y / n;
  }
  let sxx = 0;
  let sxy = 0;
  for (const p of points) {
    sxx += (p.x - mx) ** 2;
    sxy += (p.x - mx) * (p.y - my);
  }
  if (!(sxx > 0)) throw new RangeError('a line needs two points');
  const slope = sxy / sxx;
  const intercept = my - slope * mx;
  let rest = 0;
  for (const p of points) rest += (p.y - intercept - slope * p.x) ** 2;
  const slopeError = n < 3 ? Number.POSITIVE_INFINITY : Math.sqrt(rest / (n - 2) / sxx);
  return { slope, intercept, slopeError };
}
