// SPDX-License-Identifier: GPL-2.0-only
/** Runs a soak for a test: until something has happened, not for a time. */

import { protocolNames } from '#src/protocol/index.js';
import type { SoakResult } from '#src/report/result.js';
import type { StatSnapshot } from '#src/report/stat.js';
import { loadScenario } from '#src/scenario/load.js';
import type { Scenario } from '#src/scenario/types.js';
import { runSoak, type SoakOptions } from '#src/soak/run.js';

/** A run that has not got there by then is stuck; no test waits so long in health. */
const LIMIT_S = 50;

export function preset(name: string, machine: Partial<Scenario['machine']>): Scenario {
  const scenario = loadScenario(name, {}, protocolNames);
  return {
    ...scenario,
    machine: { ...scenario.machine, ...machine },
    control: { ...scenario.control, livepatch: { ...scenario.control.livepatch, force: 0 } },
    limits: { ...scenario.limits, durationS: LIMIT_S, hungTransitionS: 30, hungActorS: 30 },
  };
}

export interface Until {
  /** Ends the run when the statistics say so. */
  enough?(now: StatSnapshot): boolean;
  /** Ends the run when a violation of this code is found. */
  code?: string;
  onMachine?: SoakOptions['onMachine'];
}

export function soakUntil(scenario: Scenario, until: Until): Promise<SoakResult> {
  const stop = new AbortController();
  return runSoak(scenario, {
    oracles: true,
    lockStat: true,
    statIntervalS: 0.05,
    signal: stop.signal,
    onStart: () => {},
    onStat: (now) => {
      if (until.enough?.(now) === true) stop.abort();
    },
    onViolation: (v) => {
      if (v.code === until.code) stop.abort();
    },
    ...(until.onMachine === undefined ? {} : { onMachine: until.onMachine }),
  });
}
