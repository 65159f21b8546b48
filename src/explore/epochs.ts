// SPDX-License-Identifier: GPL-2.0-only
/**
 * How many steps of transitions a control path has begun: between two of them it does much the same in every schedule,
 * so that what it does for the n-th time there is the same thing. Before and after may be as many loops as it likes.
 */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { EV, type TraceRecord } from '../trace/events.js';

const BEGINS: ReadonlySet<number> = new Set([EV.klp_init, EV.klp_start, EV.klp_reverse]);

export class Epochs {
  private readonly counts: number[] = [];
  private seen = 0;
  private readonly record: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };

  /** For one execution of the machine, from its beginning. */
  constructor(private readonly machine: FibersMachine) {}

  of(actor: number): number {
    const { trace } = this.machine;
    for (; this.seen < trace.length; this.seen++) {
      trace.read(this.seen, this.record);
      const { ev, actor: by } = this.record;
      if (BEGINS.has(ev)) this.counts[by] = (this.counts[by] ?? 0) + 1;
    }
    return this.counts[actor] ?? 0;
  }
}
