// SPDX-License-Identifier: GPL-2.0-only
/** Periodic statistics: what the machine has done so far, and since the last look. */

/** Cumulative counts, read while the machine runs. */
export interface StatCounts {
  readonly syscalls: number;
  readonly tracedCalls: number;
  readonly handlerCalls: number;
  readonly completed: number;
  readonly reversed: number;
  readonly forced: number;
  readonly onlineAttempts: number;
  readonly onlineSuccesses: number;
  readonly offlineAttempts: number;
  readonly offlineSuccesses: number;
  /** Hotplug refused with -EBUSY, both directions. */
  readonly busy: number;
  /** Trace records lost. */
  readonly dropped: number;
  readonly violations: number;
  readonly suspicions: number;
}

/** One look. Spans are of the whole run so far; null when there was none. */
export interface StatSnapshot {
  readonly elapsedSeconds: number;
  readonly counts: StatCounts;
  /** Shortest and longest transition. */
  readonly transitionUs: { readonly min: number; readonly max: number } | null;
  /** Shortest and longest successful operation. */
  readonly onlineMs: { readonly min: number; readonly max: number } | null;
  readonly offlineMs: { readonly min: number; readonly max: number } | null;
  /** False: the scenario has no hotplug, and the line leaves it out. */
  readonly hotplug: boolean;
  /** Resident memory of the process. */
  readonly rssBytes: number | null;
}

export interface SoakStat extends StatSnapshot {
  /** Since the look before, or since the start. */
  readonly intervalSeconds: number;
  /** What the interval added to `counts`. */
  readonly delta: StatCounts;
}

/** The statistics of an interval. `previous` null: of the time since the start. */
export function statSince(previous: StatSnapshot | null, now: StatSnapshot): SoakStat {
  const delta = { ...now.counts };
  if (previous !== null) {
    for (const name of Object.keys(delta) as (keyof StatCounts)[]) {
      delta[name] = now.counts[name] - previous.counts[name];
    }
  }
  return { ...now, intervalSeconds: now.elapsedSeconds - (previous?.elapsedSeconds ?? 0), delta };
}

/** More looks than this are thinned out, so that a run of days keeps its size. */
const SERIES_LIMIT = 512;

/** The looks of a whole run at even distances, for the result. */
export class StatSeries {
  private kept: StatSnapshot[] = [];

  /** `everySeconds`: looks that come closer together are left out. It doubles whenever the series is full. */
  constructor(private everySeconds: number) {}

  add(now: StatSnapshot): void {
    const last = this.kept.at(-1)?.elapsedSeconds ?? 0;
    if (now.elapsedSeconds - last < this.everySeconds) return;
    this.kept.push(now);
    if (this.kept.length < SERIES_LIMIT) return;
    this.kept = this.kept.filter((_, i) => i % 2 === 1);
    this.everySeconds *= 2;
  }

  result(): SoakStat[] {
    return this.kept.map((now, i) => statSince(this.kept[i - 1] ?? null, now));
  }
}
