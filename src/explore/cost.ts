// SPDX-License-Identifier: GPL-2.0-only
/** What a design costs, beside being right: attempts, transition times, hotplug that is refused or has to wait. */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { EV, PHASE, type TraceRecord } from '../trace/events.js';

export interface Cost {
  /** Completed transitions, their attempts, and their virtual time in all, us. */
  transitions: number;
  attempts: number;
  transitionUs: number;
  /** Hotplug operations, those refused with -EBUSY, and the virtual time of the others in all, us. */
  hotplug: number;
  refused: number;
  hotplugUs: number;
}

export const noCost = (): Cost => ({
  transitions: 0,
  attempts: 0,
  transitionUs: 0,
  hotplug: 0,
  refused: 0,
  hotplugUs: 0,
});

export function addCost(sum: Cost, more: Cost): void {
  for (const key of Object.keys(more) as (keyof Cost)[]) sum[key] += more[key];
}

const EBUSY = -16;

export function costOf(machine: FibersMachine): Cost {
  const cost = noCost();
  const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  for (let i = 0; i < machine.trace.length; i++) {
    machine.trace.read(i, r);
    if (r.ev === EV.klp_try) cost.attempts++;
    else if (r.ev === EV.klp_completed) {
      cost.transitions++;
      cost.transitionUs += r.c;
    } else if ((r.ev === EV.cpu_up || r.ev === EV.cpu_down) && r.b === PHASE.end) {
      cost.hotplug++;
      if (r.c === EBUSY) cost.refused++;
      else cost.hotplugUs += r.d;
    }
  }
  return cost;
}
