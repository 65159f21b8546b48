// SPDX-License-Identifier: GPL-2.0-only
/** Time of the host: the only place that reads clocks. */

/** Milliseconds of a monotonic clock that all threads of the process share. */
export function hostMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A clock that counts ns from `bootMs` (a hostMs of any thread of this process). */
export function clockSince(bootMs: number): { now_ns(): number } {
  const offset = performance.timeOrigin - bootMs;
  return { now_ns: () => (offset + performance.now()) * 1e6 };
}

export function wallClockIso(): string {
  return new Date().toISOString();
}
