// SPDX-License-Identifier: GPL-2.0-only
/** Orders of an execution that may be what its violation depends on, each with how it is kept and how turned round. */
import { LOCK_READ } from '../trace/lock_tracker.js';
import type { Access, HeldLock } from './accesses.js';
import { type Conflict, isStale, RANK } from './conflicts.js';
import type { KeptOrder } from './keep_orders.js';
import { type Moment, MomentIndex, occurrences } from './moments.js';

export interface Candidates {
  readonly list: readonly Candidate[];
  /** Of all that they speak of. */
  readonly index: MomentIndex;
}

export interface Candidate {
  readonly conflict: Conflict;
  /** As it was, and turned round. */
  readonly kept: KeptOrder;
  readonly turned: KeptOrder;
  /** Least for those that say most. */
  readonly weight: number;
}

/** Those nearest to the violation. */
const MANY = 160;
/** To take a lock takes long, and others wait before it is taken: nobody waits at a gate in there. */
const LOCKING = /\/kernel\/(locking|rcu|sched)\//;
const WEIGHT: Readonly<Record<number, number>> = {
  [RANK.protocol]: 0,
  [RANK.tasks]: 2,
  [RANK.data]: 6,
  [RANK.locks]: 10,
};

/** `accesses` are all of the execution; `rank`: words that say less are left out. */
export function candidatesOf(
  accesses: readonly Access[],
  conflicts: readonly Conflict[],
  rank: number,
  fileOf: (a: Access) => string,
): Candidates {
  const index = new MomentIndex();
  const gates = new Gates(accesses, index, fileOf);
  const found: Candidate[] = [];
  const near = conflicts.filter((c) => c.rank <= rank).sort((a, b) => b.first.step - a.first.step);
  for (const conflict of near.slice(0, MANY)) {
    const { first, second } = conflict;
    const [earlier, later] = [gates.moment(first), gates.moment(second)];
    const there = gates.before(second, first);
    const back = gates.before(first, second);
    if (there.length === 0 || back.length === 0) continue;
    found.push({
      conflict,
      kept: { earlier, later, gates: there },
      turned: { earlier: later, later: earlier, gates: back },
      weight: weightOf(conflict, Math.max(earlier.nth, later.nth)),
    });
  }
  return { list: found, index };
}

function weightOf(c: Conflict, nth: number): number {
  return (WEIGHT[c.rank] as number) + 3 * (2 - c.places) + (isStale(c) ? 0 : 0.5) + Math.min(nth, 8) / 4;
}

class Gates {
  private readonly byActor = new Map<number, Access[]>();
  private readonly place: number[];
  private readonly nth: readonly number[];

  constructor(
    accesses: readonly Access[],
    private readonly index: MomentIndex,
    private readonly fileOf: (a: Access) => string,
  ) {
    this.nth = occurrences(accesses);
    this.place = accesses.map((a) => {
      const own = this.byActor.get(a.actor) ?? [];
      this.byActor.set(a.actor, own);
      return own.push(a) - 1;
    });
  }

  moment({ task, site, addr, nr }: Access): Moment {
    return { id: this.index.add(task, site, addr), task, nth: this.nth[nr] as number };
  }

  /** How `a` can wait for `other`: KeptOrder.gates. */
  before(a: Access, other: Access): Moment[][] {
    const needed = (l: HeldLock) => other.locks.some((o) => excludes(l, o));
    const others = [...this.byActor.keys()].flatMap((actor) => {
      if (actor === a.actor || actor === other.actor) return [];
      const at = this.lastOf(actor, a.nr);
      const common = at?.locks.filter(needed) ?? [];
      return at === null || common.length === 0 ? [] : [this.outside(at, common)];
    });
    const ways = [a.locks.filter(needed), a.locks].map((locks) => [this.outside(a, locks), ...others]);
    const possible = ways.filter((way) => way.every((at) => at !== null)) as Access[][];
    const different = new Map(possible.map((way) => [(way[0] as Access).nr, way]));
    return [...different.values()].map((way) => way.map((at) => this.moment(at)));
  }

  /** The last access of an actor before another one. */
  private lastOf(actor: number, nr: number): Access | null {
    const own = this.byActor.get(actor) as Access[];
    let lo = 0;
    let hi = own.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if ((own[mid] as Access).nr < nr) lo = mid + 1;
      else hi = mid;
    }
    return own[lo - 1] ?? null;
  }

  private outside(a: Access, locks: readonly HeldLock[]): Access | null {
    const own = this.byActor.get(a.actor) as Access[];
    for (let i = this.place[a.nr] as number; i >= 0; i--) {
      const at = own[i] as Access;
      const inside = locks.some((l) => at.locks.includes(l));
      if (!at.plain && !inside && (locks.length === 0 || !LOCKING.test(this.fileOf(at)))) return at;
    }
    return null;
  }
}

function excludes(a: HeldLock, b: HeldLock): boolean {
  return a.lock === b.lock && (a.mode & b.mode & LOCK_READ) === 0;
}
