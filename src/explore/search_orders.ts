// SPDX-License-Identifier: GPL-2.0-only
/** Which orders a violation takes: in all schedules of its execution, or in those that begin as it did. */
import { type Access, isWrite } from './accesses.js';
import { candidatesOf } from './candidates.js';
import { type Conflict, RANK, rankOf } from './conflicts.js';
import type { MomentIndex } from './moments.js';
import { OrderSearch, type OrdersFound } from './order_search.js';
import { OrderTrials } from './order_trials.js';
import type { Recorded } from './recorded.js';
import { beginOf } from './timeline.js';
import { upTo } from './up_to.js';

/** Executions of a search; fewer of long ones, so that none takes much longer than others. */
const TRIALS = 200;
const FEWEST = 80;
const TRIAL_STEPS = 600_000;
/** An execution with other orders may be so much longer than the one that is explained. */
const LONGER = 4;
const LONGER_STEPS = 6000;

export interface Searched {
  readonly orders: OrdersFound;
  /** Operations after which the schedules were free. */
  readonly from: number;
  readonly executions: number;
  /** Of what the orders speak of. */
  readonly index: MomentIndex;
}

export function searchOrders(r: Recorded): Searched {
  const whole = search(r, 0);
  const begin = beginOf(r.events, r.steps);
  if (whole.orders.verdict !== 'unknown' || begin === 0) return whole;
  const late = search(r, begin);
  const executions = whole.executions + late.executions;
  const early = untimely(r);
  if (late.orders.verdict === 'unknown' && early.length > 0) {
    const timed = search(r, begin, early);
    if (timed.orders.verdict !== 'unknown') return { ...timed, executions: executions + timed.executions };
  }
  const seen = seenBy(r);
  if (late.orders.verdict !== 'unknown' || seen.length === 0) return { ...late, executions };
  const last = search(r, 0, seen);
  return { ...last, executions: executions + last.executions };
}

/**
 * What a task did too early, before a step of livepatch that it should have come after: no access of the kernel has to
 * conflict with it, so the step's last access stands for it.
 */
function untimely({ accesses, violation, steps, events, naming }: Recorded): Conflict[] {
  if (violation.task === null || !/\bbefore\b/.test(violation.summary)) return [];
  const state = `${naming.task(violation.task)}.patch_state`;
  const first = accesses.findLast((a) => a.step <= steps && isWrite(a) && naming.word(a.addr) === state);
  const step = events.find((e) => e.name.startsWith('klp_') && e.step > steps && e.actor !== first?.actor);
  if (first === undefined || step === undefined) return [];
  const second = accesses.findLast((a) => a.actor === step.actor && a.step < step.step && !a.plain);
  if (second === undefined || second.nr < first.nr) return [];
  return [{ first, second, word: naming.word(second.addr), rank: RANK.protocol, places: 2 }];
}

/**
 * Where an oracle looks at a task when something happens, that comes after what others have last done to the task: no
 * access of the kernel conflicts with it.
 */
function seenBy({ accesses, violation, steps, naming }: Recorded): Conflict[] {
  const actor = violation.sites.at(-1)?.actor;
  const second = accesses.find((a) => a.actor === actor && a.step >= steps);
  if (violation.task === null || second === undefined) return [];
  const task = `${naming.task(violation.task)}.`;
  const last = new Map<number, Access>();
  for (const a of accesses) if (a.nr < second.nr && isWrite(a)) last.set(a.addr, a);
  return [...last.values()].flatMap((first) => {
    const word = naming.word(first.addr);
    const counts = word.startsWith(task) && rankOf(word, first) <= RANK.tasks && first.actor !== actor;
    return counts ? [{ first, second, word, rank: RANK.protocol, places: 2 }] : [];
  });
}

function search(r: Recorded, from: number, more: readonly Conflict[] = []): Searched {
  const { runner, kind, seed, steps, naming } = r;
  const maxSteps = Math.min(runner.subject.maxSteps, LONGER * steps + LONGER_STEPS);
  const budget = Math.min(TRIALS, Math.max(FEWEST, Math.floor(TRIAL_STEPS / steps)));
  const rank = kind.startsWith('EXPLORE-') ? RANK.locks : RANK.data;
  const near = [...more, ...r.conflicts].filter((c) => c.first.step >= from && c.first.step <= steps);
  const { list, index } = candidatesOf(r.accesses, near, rank, (a) => naming.place(a.site).file);
  const prefix = from > 0 ? upTo(r.decisions, from - 1) : { actors: [], points: [], choices: [] };
  const trials = new OrderTrials(runner, kind, seed, maxSteps, index, prefix);
  const orders = new OrderSearch(trials, list, budget).search();
  return { orders, from, executions: trials.executions, index };
}
