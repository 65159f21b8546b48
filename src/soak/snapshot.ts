// SPDX-License-Identifier: GPL-2.0-only
/** One look at a running machine's numbers. */
import { COUNTER, type CounterName } from '../kernel/abi/counters.js';
import { countersOf, type MachineShared } from '../machine/view.js';
import type { StatSnapshot } from '../report/stat.js';
import type { TracePump } from './pump.js';

function total(shared: MachineShared, name: CounterName): number {
  let sum = 0;
  for (let a = 0; a < shared.plan.nrActors; a++) sum += countersOf(shared, a)[COUNTER[name]] ?? 0;
  return sum;
}

export function snapshotOf(shared: MachineShared, pump: TracePump, elapsedSeconds: number): StatSnapshot {
  const { statistics } = pump;
  return {
    elapsedSeconds,
    counts: {
      syscalls: total(shared, 'syscalls'),
      tracedCalls: total(shared, 'traced_calls'),
      handlerCalls: total(shared, 'handler_settled') + total(shared, 'handler_transition'),
      ...statistics.counts(),
      dropped: pump.dropped(),
      violations: pump.violationCount(),
      suspicions: pump.suspicions().length,
    },
    transitionUs: statistics.transitionUs,
    onlineMs: statistics.onlineMs,
    offlineMs: statistics.offlineMs,
    hotplug: shared.scenario.control.hotplug !== null,
    rssBytes: process.memoryUsage.rss(),
  };
}
