// SPDX-License-Identifier: GPL-2.0-only
/** How many traced calls a second and host core the default soak makes, judged and not. */

import type { SoakResult } from '../../src/report/result.js';
import { bar, counted, type Figure, figure, type Warning } from '../result.js';
import type { Row } from '../row.js';
import { runSoak } from '../soak.js';
import { spread } from '../statistics.js';

/** Judged and not judged take turns. */
const ROUNDS = 2;
const WITHOUT_ORACLES = '--no-oracles';

export const soakRate: Row = {
  name: 'soak-rate',
  what: 'Traced calls a second and core in the default soak',
  bound: '1 million with all oracles on',
  byDefault: true,
  processes: 1,
  run: async ({ seconds }) => {
    const on: SoakResult[] = [];
    const off: SoakResult[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      on.push(await runSoak(['default', '--duration', String(seconds)]));
      off.push(await runSoak(['default', '--duration', String(seconds), WITHOUT_ORACLES]));
    }
    const bars = [bar(rate('oracles on', on), 'at least', 1e6)];
    return {
      bars,
      figures: [
        rate('oracles off', off),
        cpuRate('oracles on, of CPU time', on),
        cpuRate('oracles off, of CPU time', off),
        counted(
          'oracles on: of their time, CPUs wait for the oracles',
          '%',
          spread(on.map(throttled)).median,
        ),
        counted(
          'oracles on: trace records dropped',
          '',
          on.reduce((n, r) => n + r.trace.dropped, 0),
        ),
      ],
      /* Without oracles there is no verdict to speak of. */
      warnings: on.flatMap(verdictWarning),
    };
  },
};

/** Per second of CPU time of the whole process, oracles and all: what else runs on the host counts less. */
function cpuRate(name: string, runs: readonly SoakResult[]): Figure {
  const perCpuSecond = runs.map((r) => r.counters.rates.traced_calls.perCpuSecond ?? 0);
  return figure(name, 'calls/s', spread(perCpuSecond));
}

function rate(name: string, runs: readonly SoakResult[]): Figure {
  const perCore = runs.map((r) => r.counters.rates.traced_calls.perCore ?? 0);
  return figure(name, 'calls/s', spread(perCore));
}

/** % of the time of all simulated CPUs. */
function throttled(r: SoakResult): number {
  return (100 * r.trace.throttleMs) / 1000 / r.wallSeconds / r.scenario.spec.machine.cpus;
}

function verdictWarning(r: SoakResult): Warning[] {
  if (r.verdict === 'pass') return [];
  return [{ code: 'incomplete', text: `a soak ended as ${r.verdict}: ${r.reasons[0] ?? 'no reason given'}` }];
}
