// SPDX-License-Identifier: GPL-2.0-only
/**
 * The smallest set of orders of accesses that makes a violation come, by counterexamples: in a schedule that passes at
 * least one order of such a set is not kept. The cheapest set that has one of each such schedule (a hitting set, as in
 * Reiter, "A theory of diagnosis from first principles", Artificial Intelligence 32, 1987) is kept in random schedules;
 * one that passes all the same is the next counterexample. In the end each order is measured: how often the violation
 * comes in random schedules that keep all of them, and in those that turn it round.
 */
import type { Rate } from '../report/explanation_text.js';
import type { Access } from './accesses.js';
import type { Candidate } from './candidates.js';
import { cheapestHittingSet } from './hitting_set.js';
import { type KeptOrder, keeps } from './keep_orders.js';
import type { MomentLog } from './moments.js';
import type { OrderTrials, Trial } from './order_trials.js';

export interface OrdersFound {
  /**
   * always: it came in nearly every free schedule. orders: these decide. unknown: no small set was found that does; the
   * orders are those of the set that came nearest, if one came near.
   */
  readonly verdict: 'always' | 'orders' | 'unknown';
  readonly orders: readonly Candidate[];
  /** Without any order kept. */
  readonly free: Rate;
  /** With all of them kept. */
  readonly together: Rate;
  /** With this one turned round and the others kept, in the same order. */
  readonly turned: readonly Rate[];
  /** Sets that were tried. */
  readonly sets: number;
}

const FREE = 20;
/** From this share of free schedules on no order is worth naming. */
const NEARLY_ALWAYS = 0.8;
/** Schedules that keep the orders and fail, but for a few: then the set is enough. */
const ENOUGH = 20;
const FORGIVEN = 2;
/** An order that asks for less is nearer to the cause, and may explain a little less. */
const FORGIVEN_WEAKER = 4;
/** Tries in which a set could not be kept at all after which it is given up. */
const VAIN = 8;
const TURNED = 12;
/** Tries for one schedule that can be counted. */
const TRIES = 4;
/** Of an order, beside its weight: more of them have to say more. */
const BASE = 2;
/** Of an access: orders that share one are easier to follow. */
const EACH = 0.25;

/** Sets that are measured as long as the violation also comes with an order turned round. */
const SETS = 3;
/** What a set is measured by (faultOf) that is as good as they come. */
const SMALL = 0.5;
/** Share of free schedules with other violations from which on those are nothing special. */
const OTHERS = 1 / 4;
/** Weaker orders that are tried in place of one. */
const WEAKER = 4;
/** Share of the schedules that pass of which the candidates have to tell why. */
const TOLD = 0.85;
const NOTHING = { orders: [], together: { fails: 0, of: 0 }, turned: [] } as const;

export class OrderSearch {
  private next = 0;
  private othersCount = false;
  private readonly free: Trial[] = [];
  private readonly passing: MomentLog[] = [];
  private readonly banned: number[][] = [];
  private sets = 0;
  private nearest: { readonly set: readonly number[]; readonly rate: number } | null = null;

  constructor(
    private readonly trials: OrderTrials,
    private readonly candidates: readonly Candidate[],
    /** Executions. */
    private readonly budget: number,
  ) {}

  search(): OrdersFound {
    for (let i = 0; i < FREE; i++) {
      const trial = this.trials.run(this.next++, []);
      if (trial.kept) this.free.push(trial);
    }
    this.othersCount = this.free.filter((t) => t.isOther).length > OTHERS * this.free.length;
    for (const t of this.free) if (!t.fails && this.counts(t)) this.passing.push(t.log);
    const free = rateOf(this.free);
    if (free.fails >= NEARLY_ALWAYS * free.of) return { ...NOTHING, verdict: 'always', free, sets: 0 };
    let best: OrdersFound = { ...NOTHING, verdict: 'unknown', free, sets: 0 };
    for (let i = 0; i < SETS; i++) {
      const set = this.enough();
      if (set === null) break;
      const measured = this.measured(set, free);
      if (i === 0 || faultOf(measured) < faultOf(best)) best = measured;
      if (faultOf(best) <= SMALL) break;
      this.banned.push(set);
    }
    if (best.verdict === 'unknown' && this.nearest !== null && this.nearest.rate > free.fails / free.of)
      best = { ...this.measured(this.nearest.set, free), verdict: 'unknown' };
    return { ...best, sets: this.sets };
  }

  private measured(set: readonly number[], free: Rate): OrdersFound {
    const orders = set
      .map((i) => this.candidates[i] as Candidate)
      .sort((a, b) => a.conflict.first.step - b.conflict.first.step);
    const turning = (turned: Candidate | null): KeptOrder[] =>
      orders.map((c) => (c === turned ? c.turned : c.kept));
    return {
      verdict: 'orders',
      orders,
      free,
      together: this.rate(turning(null), ENOUGH),
      turned: orders.map((c) => this.rate(turning(c), TURNED)),
      sets: this.sets,
    };
  }

  /** Something else went wrong: not a schedule in which all is well, unless that is always so. */
  private counts(trial: Trial): boolean {
    return trial.kept && (this.othersCount || !trial.isOther);
  }

  private get spent(): boolean {
    return this.trials.executions >= this.budget;
  }

  /** Null: no set of a few orders is. */
  private enough(): number[] | null {
    while (!this.spent) {
      const sets = this.broken();
      if (sets === null) return null;
      const set = cheapestHittingSet(sets, (chosen) => this.costOf(chosen), this.banned);
      if (set === null) return null;
      const tried = this.tried(set);
      if (tried.passing !== null) this.learn(set, tried.passing);
      if (tried.isEnough) return this.weakened(this.pruned(set));
      if (tried.passing === null) this.banned.push(set);
    }
    return null;
  }

  /** One that keeps all candidates tells nothing but that these are not enough. */
  private learn(set: readonly number[], passing: MomentLog): void {
    this.passing.push(passing);
    if (this.candidates.every(({ kept }) => keeps(passing, [kept]))) this.banned.push([...set]);
  }

  /** Without orders that are not needed: schedules that keep the others fail as well. */
  private pruned(set: readonly number[]): number[] {
    let kept = [...set];
    for (const i of set) {
      const others = kept.filter((o) => o !== i);
      if (others.length > 0 && this.tried(others).isEnough) kept = others;
    }
    return kept;
  }

  /**
   * With an earlier access of the same task to the same word as the first, or a later one as the second, an order asks
   * for less: if it is still enough, it is nearer to the cause.
   */
  private weakened(set: readonly number[]): number[] {
    const weaker = [...set];
    for (const [place, i] of set.entries()) {
      const { conflict: c, weight } = this.candidates[i] as Candidate;
      const others = this.candidates.flatMap(({ conflict: o, ...other }, j) => {
        const earlier = o.second === c.second && like(o.first, c.first) && o.first.nr < c.first.nr;
        const later = o.first === c.first && like(o.second, c.second) && o.second.nr > c.second.nr;
        return (earlier || later) && other.weight < weight + 1 ? [j] : [];
      });
      const furthest = others.sort((a, b) => this.spanOf(b) - this.spanOf(a));
      for (const j of furthest.slice(0, WEAKER)) {
        const tried = weaker.map((k, at) => (at === place ? j : k));
        if (!this.tried(tried, FORGIVEN_WEAKER).isEnough) continue;
        weaker[place] = j;
        break;
      }
    }
    return weaker;
  }

  private spanOf(i: number): number {
    const { first, second } = (this.candidates[i] as Candidate).conflict;
    return second.nr - first.nr;
  }

  private costOf(chosen: readonly number[]): number {
    const accesses = new Set<number>();
    let cost = 0;
    for (const i of chosen) {
      const { conflict, weight } = this.candidates[i] as Candidate;
      cost += BASE + weight;
      accesses.add(conflict.first.nr).add(conflict.second.nr);
    }
    return cost + EACH * accesses.size;
  }

  private keptOf(set: readonly number[]): KeptOrder[] {
    return set.map((i) => (this.candidates[i] as Candidate).kept);
  }

  /** Whether nearly all schedules that keep the orders fail, and one that does not; none that keeps them: no, and null. */
  private tried(
    set: readonly number[],
    forgiven = FORGIVEN,
  ): { readonly isEnough: boolean; readonly passing: MomentLog | null } {
    const orders = this.keptOf(set);
    const passing: MomentLog[] = [];
    let kept = 0;
    this.sets++;
    const note = () => this.note(set, kept - passing.length, kept);
    for (let tries = 0; kept < ENOUGH; tries++) {
      if (this.spent || kept * TRIES < tries - VAIN) {
        note();
        return { isEnough: false, passing: passing[0] ?? null };
      }
      const trial = this.trials.run(this.next++, orders);
      if (!this.counts(trial)) continue;
      kept++;
      if (!trial.fails) passing.push(trial.log);
      if (passing.length > forgiven) {
        note();
        return { isEnough: false, passing: passing[0] as MomentLog };
      }
    }
    return { isEnough: true, passing: passing[0] ?? null };
  }

  /** Of a set that is not enough: few tries count for less (Laplace). */
  private note(set: readonly number[], fails: number, of: number): void {
    const rate = fails / (of + 2);
    if (of > 0 && (this.nearest === null || rate > this.nearest.rate)) this.nearest = { set, rate };
  }

  /**
   * For each schedule that passed the candidates that were not kept in it. What comes in none that passed is left out:
   * it may come after the violation only. Null: too many kept them all.
   */
  private broken(): number[][] | null {
    const common = this.candidates.flatMap(({ kept }, i) =>
      [kept.earlier, kept.later].every((m) => this.passing.some((log) => log.happened(m))) ? [i] : [],
    );
    const sets = this.passing.map((log) => common.filter((i) => !keeps(log, this.keptOf([i]))));
    const told = sets.filter((s) => s.length > 0);
    return told.length < TOLD * sets.length ? null : told;
  }

  /** Free schedules that keep the orders by themselves count, too. */
  private rate(orders: readonly KeptOrder[], wanted: number): Rate {
    const counted = this.free.filter((t) => this.counts(t) && keeps(t.log, orders));
    for (let tries = 0; counted.length < wanted && tries < TRIES * wanted; tries++) {
      const trial = this.trials.run(this.next++, orders);
      if (this.counts(trial)) counted.push(trial);
    }
    return rateOf(counted);
  }
}

function like(a: Access, b: Access): boolean {
  return a.task === b.task && a.addr === b.addr && a.access === b.access;
}

/**
 * How bad an explanation a set is: how much of the violation is left when orders are turned round (one that cannot be
 * turned round counts in full), how often it does not come when they are kept, and how many they are.
 */
function faultOf({ turned, together }: OrdersFound): number {
  const rest = turned.reduce((sum, { fails, of }) => sum + (of === 0 ? 1 : fails / of), 0);
  return rest + 3 * (1 - together.fails / Math.max(1, together.of)) + 0.15 * turned.length;
}

function rateOf(trials: readonly Trial[]): Rate {
  return { fails: trials.filter((t) => t.fails).length, of: trials.length };
}
