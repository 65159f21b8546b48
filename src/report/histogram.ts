// SPDX-License-Identifier: GPL-2.0-only
/**
 * Latencies in microseconds, kept as an HdrHistogram with three digits that count; minimum, maximum and mean are kept
 * exactly beside it. A summary is plain data: it crosses to other threads and into JSON, and can be added up again.
 */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';

/** What a histogram says. Times in us. */
export interface LatencySummary {
  readonly count: number;
  readonly minUs: number;
  readonly meanUs: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** The whole histogram: HdrHistogram V2, compressed, base64. */
  readonly histogram: string;
}

/** Beyond this (one minute) the histogram grows by itself. */
const HIGHEST_US = 60_000_000;

export class LatencyHistogram {
  private readonly hdr = build({ highestTrackableValue: HIGHEST_US, autoResize: true });
  private min = Number.POSITIVE_INFINITY;
  private max = 0;
  private total = 0;

  /** Takes back what `summary` gave. */
  static from(summary: LatencySummary | null): LatencyHistogram {
    const histogram = new LatencyHistogram();
    if (summary !== null) histogram.addSummary(summary);
    return histogram;
  }

  get count(): number {
    return this.hdr.totalCount;
  }

  /** @throws RangeError for a time that is negative or not a number: the clock or the caller is wrong. */
  recordValue(us: number): void {
    if (!(us >= 0) || !Number.isFinite(us)) throw new RangeError(`not a latency: ${us} us`);
    this.hdr.recordValue(Math.round(us));
    this.min = Math.min(this.min, us);
    this.max = Math.max(this.max, us);
    this.total += us;
  }

  /** Adds what another histogram, perhaps of another thread, has counted. */
  addSummary(summary: LatencySummary): void {
    this.hdr.add(decodeFromCompressedBase64(summary.histogram));
    this.min = Math.min(this.min, summary.minUs);
    this.max = Math.max(this.max, summary.maxUs);
    this.total += summary.meanUs * summary.count;
  }

  /** Null before the first value. */
  summary(): LatencySummary | null {
    const count = this.hdr.totalCount;
    if (count === 0) return null;
    /* A percentile is the upper end of its bucket, which may lie beyond the largest value there was. */
    const at = (percentile: number): number =>
      Math.min(this.max, Math.max(this.min, this.hdr.getValueAtPercentile(percentile)));
    return {
      count,
      minUs: this.min,
      meanUs: this.total / count,
      p50Us: at(50),
      p90Us: at(90),
      p99Us: at(99),
      maxUs: this.max,
      histogram: encodeIntoCompressedBase64(this.hdr),
    };
  }
}
