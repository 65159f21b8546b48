// SPDX-License-Identifier: GPL-2.0-only
/**
 * Follows a record but for one order: the actor of the first access is held at it until the actor of the second has
 * made that one. All others, and everybody afterwards, keep to the record as far as they can: a segment means that its
 * actor goes on up to the operation that ended it there, however many of them it has made by then.
 */
import type { AccessObserver } from '../engine/fibers/observer.js';
import { type Decisions, rt } from '../engine/fibers/runtime.js';
import { bit, has, lowest, useful } from '../schedule/mask.js';
import { CUT, type ExecutionEnd, type Scheduler, type ScheduleView, WAIT } from '../schedule/scheduler.js';
import { AccessLog } from './access_log.js';
import type { Access } from './accesses.js';

/** Operations of others after which the second access is not waited for any more. */
const PATIENCE = 1200;
const FOREVER = 0x3fffffff;

export type Phase = 'before' | 'held' | 'turned' | 'failed';

export class TurnRound implements Scheduler, AccessObserver {
  readonly name = 'turn-round';
  readonly needsOperations = false;
  readonly asksOnWake = false;
  /** turned: the second access came before the first. failed: the actor had to be let go. */
  phase: Phase = 'before';
  readonly log = new AccessLog();
  private readonly made: number[] = [];
  private readonly targets: number[] = [];
  private segment = 0;
  private chosen = -1;
  private step = 0;
  private choice = 0;
  private limit = 0;
  private heldAt = 0;

  constructor(
    private readonly record: Decisions,
    private readonly first: Access,
    private readonly second: Access,
    /** Operations that the first one's actor makes before it is held: it may hold a lock soon that is in the way. */
    private readonly hold: number,
    /** Operations of the execution after which the second one's actor runs whenever it can: it may need a lock first. */
    private readonly since: number = Number.POSITIVE_INFINITY,
  ) {
    const sums: number[] = [];
    record.actors.forEach((actor, i) => {
      sums[actor] = (sums[actor] ?? 0) + (record.points[i] as number);
      this.targets.push(sums[actor] as number);
    });
  }

  begin(_actors: number): boolean {
    return true;
  }

  next(view: ScheduleView): number {
    const { first, second } = this;
    if (this.chosen >= 0) this.made[this.chosen] = this.count(this.chosen) + view.step - this.step;
    this.step = view.step;
    this.chosen = -1;
    if (this.phase === 'held' && rt.held === 0) this.phase = 'failed';
    if (this.phase === 'before' && this.count(first.actor) >= this.hold) {
      this.phase = 'held';
      this.heldAt = view.step;
      rt.held = bit(first.actor);
    }
    if (this.phase === 'held' && view.step > this.heldAt + PATIENCE) return CUT;
    const enabled = view.enabled & ~rt.held;
    if (enabled === 0) return first.actor;
    const eager = this.waits(view.step) && view.step >= this.since;
    const can = has(enabled, second.actor) && !has(view.spinning, second.actor);
    this.limit = FOREVER;
    this.chosen = eager && can ? second.actor : this.recorded(view, enabled);
    if (this.waits(view.step) && this.chosen === second.actor) this.limit = 0;
    if (this.phase === 'before' && this.chosen === first.actor) {
      this.limit = Math.min(this.limit, this.hold - this.count(first.actor) - 1);
    }
    if (view.step < this.since) this.limit = Math.min(this.limit, this.since - view.step - 1);
    return this.chosen;
  }

  /** The second access is to come now. */
  private waits(step: number): boolean {
    return this.phase === 'held' || (this.phase === 'before' && step >= this.since);
  }

  private count(actor: number): number {
    return this.made[actor] ?? 0;
  }

  private recorded(view: ScheduleView, enabled: number): number {
    const { actors } = this.record;
    for (let i = this.segment; i < actors.length; i++) {
      const actor = actors[i] as number;
      if (actor === WAIT && i === this.segment) {
        this.segment++;
        if (view.timed === true) return WAIT;
      }
      const left = (this.targets[i] as number) - this.count(actor);
      const can = left > 0 && has(enabled, actor);
      if (!can && i === this.segment && !has(rt.held, actor)) this.segment++;
      if (!can) continue;
      this.limit = left - 1;
      return actor;
    }
    this.limit = FOREVER;
    const wanted = this.second.actor;
    if (this.phase === 'held' && has(enabled, wanted) && !has(view.spinning, wanted)) return wanted;
    if (view.current >= 0 && has(enabled, view.current) && !has(view.spinning, view.current))
      return view.current;
    return lowest(useful(enabled, view.spinning));
  }

  quantum(): number {
    return this.limit;
  }

  choose(n: number): number {
    const choice = this.record.choices[this.choice++] ?? 0;
    return choice < n ? choice : 0;
  }

  end(_end: ExecutionEnd): void {}

  access(
    actor: number,
    _access: number,
    _order: number,
    addr: number,
    _read: number,
    _written: number,
    site: number,
  ): void {
    const { second } = this;
    this.log.add(actor, addr, site);
    if (!this.waits(rt.step() - 1)) return;
    if (actor !== second.actor || addr !== second.addr || site !== second.site) return;
    this.phase = 'turned';
    rt.held = 0;
  }

  fence(): void {}
  futex(): void {}
}
