// SPDX-License-Identifier: GPL-2.0-only
/** A sink that keeps copies of what a reader hands out. */
import type { TraceRecord } from '#src/trace/events.js';
import { GLOBAL_BIT } from '#src/trace/events.js';
import type { TraceSink } from '#src/trace/reader.js';

export class Collector implements TraceSink {
  readonly records: TraceRecord[] = [];
  /** Lengths of `records` at which a loss was announced, and how many were lost. */
  readonly losses: { readonly at: number; readonly records: number }[] = [];

  feed(r: TraceRecord): void {
    this.records.push({ ...r });
  }

  lost(records: number): void {
    this.losses.push({ at: this.records.length, records });
  }
}

/** The order that a reader promises: keys never fall; records of one actor come as they were written. */
export function orderFaults(records: readonly TraceRecord[]): string[] {
  const faults: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const counts = new Map<number, number>();
  records.forEach((r, i) => {
    const key = 2 * r.seq + ((r.ev & GLOBAL_BIT) === 0 ? 0 : 1);
    if (key < last) faults.push(`record ${i}: key ${key} after ${last}`);
    last = key;
    const n = counts.get(r.actor) ?? 0;
    if (r.a !== n) faults.push(`record ${i}: number ${r.a} of actor ${r.actor}, due was ${n}`);
    counts.set(r.actor, n + 1);
  });
  return faults;
}
