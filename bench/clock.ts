// SPDX-License-Identifier: GPL-2.0-only
/**
 * The clock of a sample. CPU time of this process where the host counts it finely: what else the host runs meanwhile
 * is then not in it. Elsewhere (Windows counts in 16 ms) elapsed time.
 */

export interface SampleClock {
  readonly name: 'cpu time' | 'elapsed time';
  nowNs(): number;
}

const cpuTime: SampleClock = {
  name: 'cpu time',
  nowNs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
};

const elapsed: SampleClock = {
  name: 'elapsed time',
  nowNs: () => Number(process.hrtime.bigint()),
};

/** Coarsest step of the CPU clock that will do, ns. */
const FINE_NS = 20_000;

/** Smallest step of the clock that a few milliseconds of looking at it show, ns. */
function stepNs(clock: SampleClock): number {
  let least = Number.POSITIVE_INFINITY;
  const end = elapsed.nowNs() + 5e6;
  let last = clock.nowNs();
  while (elapsed.nowNs() < end) {
    const now = clock.nowNs();
    if (now > last) least = Math.min(least, now - last);
    last = now;
  }
  return least;
}

export function sampleClock(): SampleClock {
  return stepNs(cpuTime) <= FINE_NS ? cpuTime : elapsed;
}
