// SPDX-License-Identifier: GPL-2.0-only
/** Which orders of conflicting accesses a violation depends on: each is turned round, to see whether it still comes. */

import type { Decisions } from '../engine/fibers/runtime.js';
import { parseScheduler } from '../schedule/index.js';
import { ReplayScheduler } from '../schedule/replay.js';
import type { Scheduler } from '../schedule/scheduler.js';
import { actorSeed } from '../util/rng.js';
import type { AccessLog } from './access_log.js';
import type { Access } from './accesses.js';
import { type Conflict, isStale, RANK } from './conflicts.js';
import { judge } from './judge.js';
import { isChecked, kindOf } from './kind.js';
import type { Runner } from './runner.js';
import { TurnRound } from './turn_round.js';

/** Operations that the first actor is stopped earlier, so as not to hold what the second needs. */
const EARLIER = [0, 4, 16, 48, 128];
/** Beginnings of its turns before that at which it is stopped, too: where it slept it held nothing. */
const TURNS = 6;
/** From this pass on an order counts only if its actor was held as close to it: else it took too much along. */
const PRECISE = 2;
const CLOSE = 16;
/** So many ends of turns before the first access the second one's actor is preferred instead. */
const AWAY = [1, 2, 4, 8, 16];
/** Conflicts of one kind that are tried, those nearest to the violation. */
const MANY = 40;
const CONTROLS = 8;
/** An execution with an order turned round may be so much longer. */
const LONGER = 8;

export interface Decisive {
  readonly conflict: Conflict;
  /** Operations of the first one's actor after which it was held. */
  readonly hold: number;
  /** Other decisive orders that were turned round with this one: one that takes others along may be decisive by them. */
  readonly along: number;
}

interface Turned {
  readonly hold: number;
  readonly log: AccessLog;
}

export class Orders {
  executions = 0;
  turned = 0;
  /** Executions of the subject by other schedules that did not show the violation. */
  without = 0;
  /** What else goes wrong in the subject, whether or not the violation comes. */
  private readonly unrelated = new Set<string>();
  private readonly maxSteps: number;

  constructor(
    private readonly runner: Runner,
    private readonly kind: string,
    private readonly seed: number,
    private readonly record: Decisions,
    private readonly original: AccessLog,
    steps: number,
  ) {
    this.maxSteps = Math.min(runner.subject.maxSteps, LONGER * steps + 4000);
  }

  /** Runs the subject by schedules that have nothing to do with the finding. */
  control(): void {
    const { subject, fast } = this.runner;
    for (let i = 0; i < CONTROLS; i++) {
      const seed = actorSeed(subject.seed, i);
      const scheduler =
        i === 0
          ? new ReplayScheduler([])
          : parseScheduler('mix').create({
              execution: i,
              seed: subject.seed,
              steps: Math.max(1, this.record.actors.length) * 40,
            });
      scheduler.begin(fast.plan.nrActors - 1);
      const kinds = this.kindsOf(scheduler, i === 0 ? this.seed : seed, null);
      if (kinds.includes(this.kind)) continue;
      this.without++;
      for (const kind of kinds) this.unrelated.add(kind);
    }
  }

  /** The decisive ones among the conflicts; those whose words say more of the protocol are tried first. */
  decisive(conflicts: readonly Conflict[]): Decisive[] {
    const near = [...conflicts].sort((a, b) => b.second.step - a.second.step);
    const first = /^(EXPLORE|LOCKDEP)-/.test(this.kind) ? [RANK.locks] : [];
    const passes: ((c: Conflict) => boolean)[] = [
      ...first.map((rank) => (c: Conflict) => c.rank === rank),
      (c) => c.rank <= RANK.tasks && isStale(c) && c.places === 2,
      (c) => c.rank <= RANK.tasks && !isStale(c) && c.places === 2,
      (c) => c.rank <= RANK.tasks && isStale(c),
      (c) => c.rank <= RANK.tasks && !isStale(c),
      (c) => c.rank === RANK.data,
      (c) => c.rank === RANK.locks,
    ];
    for (const [nr, pass] of passes.entries()) {
      const tried = near
        .filter(pass)
        .slice(0, MANY)
        .map((conflict) => ({ conflict, turned: this.decides(conflict) }));
      const found = tried.flatMap(({ conflict, turned }) =>
        turned === null || (nr >= PRECISE && conflict.first.ordinal - turned.hold > CLOSE)
          ? []
          : [{ conflict, ...turned }],
      );
      if (found.length > 0) return found.map((one) => ({ ...one, along: this.along(one, found) }));
    }
    return [];
  }

  private along(one: Turned & { conflict: Conflict }, all: readonly { conflict: Conflict }[]): number {
    const others = all.filter((o) => o.conflict !== one.conflict);
    return others.filter(({ conflict: c }) => one.log.reverses(c.first, c.second, this.original)).length;
  }

  /** Turned round, and nothing goes wrong any more. Null: it went wrong, or could not be turned round. */
  decides(conflict: Conflict): Turned | null {
    const { first, second } = conflict;
    const late = this.holdsBefore(first).map((hold) => [hold, Number.POSITIVE_INFINITY] as const);
    const early = this.turnsBefore(first).map((since) => [first.ordinal, since] as const);
    for (const [hold, since] of [...late, ...early]) {
      const scheduler = new TurnRound(this.record, first, second, hold, since);
      const kinds = this.kindsOf(scheduler, this.seed, scheduler);
      if (scheduler.phase === 'turned') {
        this.turned++;
        return kinds.every((k) => this.unrelated.has(k)) ? { hold, log: scheduler.log } : null;
      }
    }
    return null;
  }

  /** Latest first. */
  private holdsBefore({ actor, ordinal }: Access): number[] {
    const { actors, points } = this.record;
    const turns: number[] = [];
    let made = 0;
    actors.forEach((a, i) => {
      if (a !== actor) return;
      if (made <= ordinal) turns.push(made);
      made += points[i] as number;
    });
    const holds = new Set([...EARLIER.map((n) => ordinal - n), ...turns.slice(-TURNS)].filter((n) => n >= 0));
    return [...holds].sort((a, b) => b - a);
  }

  /** Ends of turns before an access, further and further away from it: steps of the execution. */
  private turnsBefore({ step }: Access): number[] {
    const ends: number[] = [];
    let at = 0;
    for (const points of this.record.points) {
      at += points;
      if (at <= step) ends.push(at);
    }
    return AWAY.flatMap((n) => ends.at(-n) ?? []);
  }

  private kindsOf(scheduler: Scheduler, seed: number, also: TurnRound | null): string[] {
    const { runner } = this;
    const { scenario } = runner.subject;
    this.executions++;
    if (isChecked(this.kind.split(' ')[0] as string)) {
      runner.beginBatch();
      const { judgement, checked } = runner.watch(scheduler, seed, also);
      return [...judgement.violations, ...checked].map((v) => kindOf(v, scenario));
    }
    const { model, drops, observed: machine } = runner;
    const execution = machine.execute(scheduler, {
      seed,
      maxSteps: this.maxSteps,
      observer: also,
      model,
      drops,
    });
    return judge(machine, execution).violations.map((v) => kindOf(v, scenario));
  }
}
