// SPDX-License-Identifier: GPL-2.0-only
/**
 * A schedule that is easy to read, from the orders that a violation takes: nobody is preempted but to keep them, and
 * what came between in the schedule that was found goes away.
 */
import { parseScheduler } from '../schedule/index.js';
import { ReplayScheduler } from '../schedule/replay.js';
import { AfterPrefix } from './after_prefix.js';
import { type Bench, type Reproduction, simpler } from './bench.js';
import { KeepOrders } from './keep_orders.js';
import type { Recorded } from './recorded.js';
import type { Searched } from './search_orders.js';
import { upTo } from './up_to.js';

const TRIES = 10;

/** Null: none is simpler than the one that is known. */
export function simpleSchedule(bench: Bench, known: Recorded, searched: Searched): Reproduction | null {
  const { runner } = bench;
  const { orders, index, from } = searched;
  if (orders.verdict !== 'orders') return null;
  const steps = known.steps;
  let best: Reproduction = {
    seed: known.seed,
    decisions: upTo(known.decisions, steps),
    preemptions: known.preemptions.filter((p) => p.step <= steps),
    steps,
    violation: known.violation,
  };
  const first = best;
  const prefix = from > 0 ? upTo(known.decisions, from - 1) : { actors: [], points: [], choices: [] };
  for (let i = 0; i < TRIES; i++) {
    const free =
      i < 2
        ? new ReplayScheduler([])
        : parseScheduler('pct(2)').create({ execution: i, seed: known.seed, steps: 2 * steps });
    const kept = orders.orders.map((c) => c.kept);
    const scheduler = new KeepOrders(new AfterPrefix(prefix, free), runner.observed, kept, index, i & 1);
    const again = bench.attemptWatched(scheduler, known.seed, scheduler);
    if (again !== null && simpler(again, best)) best = again;
  }
  return best === first ? null : best;
}
