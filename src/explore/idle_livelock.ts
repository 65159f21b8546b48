// SPDX-License-Identifier: GPL-2.0-only
/**
 * A machine whose CPUs go round their idle loops while all others wait for one of them. No waiting loop stands still
 * then, and so it is not told at once; an execution that is cut off is looked at for it.
 */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { rt } from '../engine/fibers/runtime.js';
import { percpu } from '../kernel/abi/structs.js';
import { EV, GLOBAL_BIT, type TraceRecord } from '../trace/events.js';

/** Passes of idle loops with nothing between them that another actor could see. A CPU that has nothing to do halts. */
const MANY_PASSES = 100;

/** The CPUs that go round, if nobody but them can go on and nothing else has happened for a long time; or none. */
export function idlesForEver(machine: FibersMachine): number[] {
  const { plan, trace, heap } = machine;
  for (let actor = 0; actor < plan.nrActors - 1; actor++) {
    if (!rt.canGoOn(actor)) continue;
    const me = plan.percpuBase + actor * percpu.$words;
    if (actor >= plan.nrCpus || heap[me + percpu.curr] !== heap[me + percpu.idle]) return [];
  }
  const record: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  const busy = new Set<number>();
  let passes = 0;
  for (let i = trace.length - 1; i >= 0 && passes < MANY_PASSES; i--) {
    trace.read(i, record);
    if ((record.ev & GLOBAL_BIT) !== 0) return [];
    if (record.ev !== EV.idle_pass) continue;
    passes++;
    busy.add(record.actor);
  }
  return passes < MANY_PASSES ? [] : [...busy].sort((a, b) => a - b);
}
