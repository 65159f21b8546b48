// SPDX-License-Identifier: GPL-2.0-only
/** Why a violation comes: the accesses whose orders it takes, and how well that holds in schedules that keep them. */
import { checkers } from '../oracle/checkers.js';
import { oracles } from '../oracle/index.js';
import type { Constraint, ExplainedAccess, Explanation } from '../report/explanation_text.js';
import { SimulatorBug } from '../util/fault.js';
import type { Access } from './accesses.js';
import type { KeptOrder } from './keep_orders.js';
import { isChecked } from './kind.js';
import { type Moment, occurrences } from './moments.js';
import { type Recorded, record } from './recorded.js';
import type { Found, Runner } from './runner.js';
import { type Searched, searchOrders } from './search_orders.js';
import { timelineOf } from './timeline.js';

/** What lockdep and the race detector say holds whatever the schedule, and names its places by itself. */
export function isExplained(code: string): boolean {
  return !isChecked(code);
}

/** Of a finding that its decisions show; best of one that was minimised. SimulatorBug if it does not come again. */
export function explain(runner: Runner, found: Found): Explanation {
  const recorded = record(runner, found);
  return tell(recorded, searchOrders(recorded));
}

/** `searched` may be of another schedule of the same execution. SimulatorBug if this one has not what it found. */
export function tell(recorded: Recorded, { orders, executions, from }: Searched): Explanation {
  const { violation, naming, waits } = recorded;
  const told = new Map(recorded.accesses.map((a) => [a.nr, naming.told(a)]));
  const pairs = orders.orders.map((c) => pairOf(recorded.accesses, c.kept, c.conflict));
  const story = storyOf(pairs.flat());
  const numberOf = (a: Access): number => story.findIndex((same) => same.includes(a)) + 1;
  return {
    code: violation.code,
    summary: violation.summary,
    rule: ruleOf(violation.code),
    verdict: orders.verdict,
    constraints: pairs.map(
      ([first, second], i): Constraint => ({
        first: numberOf(first),
        second: numberOf(second),
        word: (orders.orders[i] as { conflict: { word: string } }).conflict.word,
        turned: orders.turned[i] ?? { fails: 0, of: 0 },
      }),
    ),
    accesses: story.map(([a], i): ExplainedAccess => {
      const { nr } = a as Access;
      return { nr: i + 1, ...(told.get(nr) as Omit<ExplainedAccess, 'nr'>) };
    }),
    free: orders.free,
    together: orders.together,
    sets: orders.sets,
    from,
    executions: executions + 1,
    timeline: timelineOf({ ...recorded, told, story }),
    waits,
  };
}

/** The two accesses of an order. */
function pairOf(
  accesses: readonly Access[],
  order: KeptOrder,
  known: { readonly first: Access; readonly second: Access },
): [Access, Access] {
  const nth = occurrences(accesses);
  const find = (like: Access, m: Moment): Access => {
    const a = accesses.find(
      (x) =>
        x.task === like.task &&
        x.site === like.site &&
        x.addr === like.addr &&
        x.epoch === like.epoch &&
        nth[x.nr] === m.nth,
    );
    if (a === undefined) throw new SimulatorBug('an access of the explanation is not in its execution');
    return a;
  };
  return [find(known.first, order.earlier), find(known.second, order.later)];
}

/** In order; accesses of one place that see the same, as the turns of a loop, are one. */
function storyOf(accesses: readonly Access[]): Access[][] {
  const story: Access[][] = [];
  for (const a of [...new Set(accesses)].sort((x, y) => x.nr - y.nr)) {
    const last = story.at(-1);
    const [b] = last ?? [];
    const same =
      b?.actor === a.actor &&
      b.site === a.site &&
      b.addr === a.addr &&
      b.before === a.before &&
      b.after === a.after;
    if (same) last?.push(a);
    else story.push([a]);
  }
  return story;
}

function ruleOf(code: string): string {
  const entry = [...oracles, ...checkers].find((o) => o.codes.includes(code));
  if (entry !== undefined) return entry.about;
  return code === 'KERNEL-BUG' ? 'The kernel does not crash.' : 'Everybody who waits can go on at some time.';
}
