// SPDX-License-Identifier: GPL-2.0-only
/**
 * dpor: optimal dynamic partial-order reduction, for exhaustive runs under sequential consistency.
 *
 * Guarantee: one execution of every Mazurkiewicz trace (schedules that differ only in the order of independent
 * operations), and no other execution, also none that is cut off halfway. Abdulla, Aronis, Jonsson, Sagonas, "Source
 * sets: a foundation for optimal dynamic partial order reduction", JACM 64(4), 2017. For awaits the idea is that of
 * Jonsson, Lång, Sagonas, "Awaiting for Godot", FMCAD 2022: a race is with every set of writes without which the
 * condition holds. It has to know what reversed operations would come to: `takesEffect` and `word` are needed. With
 * loops around cpu_relax in place of awaits the search ends, but the guarantee is lost.
 */
import { SimulatorBug } from '../util/fault.js';
import { awaitCuts } from './await_cuts.js';
import { Events } from './events.js';
import { Exploration } from './exploration.js';
import { has, lowest } from './mask.js';
import { isWrite } from './operations.js';
import { branchOf, cutOf, reversedAccess } from './reversal.js';
import {
  ACCESS,
  CUT,
  type ExecutionEnd,
  type Operation,
  type Scheduler,
  type ScheduleView,
} from './scheduler.js';

export class DporScheduler implements Scheduler {
  readonly name = 'dpor';
  readonly needsOperations = true;
  readonly asksOnWake = false;
  /** Executions that were left because all that follows had been seen. Without loops there are none. */
  cutOff = 0;
  private events = new Events(0);
  private exploration: Exploration | null = null;
  private step = 0;
  private view: ScheduleView | null = null;
  /** Of the operation that was chosen: what its word held, and its access as far as that is known before it. */
  private before = 0;
  private intended = 0;
  /** Actors that have spun since the last write: they would only see the same again. */
  private vain = 0;

  begin(actors: number): boolean {
    if (this.exploration === null) {
      this.events = new Events(actors);
      this.exploration = new Exploration(this.events);
    } else if (this.exploration.prescribed === 0) {
      return false;
    }
    this.step = 0;
    this.vain = 0;
    this.view = null;
    return true;
  }

  next(view: ScheduleView): number {
    this.view = view;
    const exploration = this.exploration as Exploration;
    this.vain |= view.spinning;
    const actor = exploration.next(this.step, view, this.vain);
    if (actor === CUT) {
      this.cutOff++;
      return CUT;
    }
    if (!has(view.enabled, actor)) {
      throw new SimulatorBug(`dpor: actor ${actor} could run at step ${this.step} before and cannot now`);
    }
    if (this.step >= exploration.prescribed - 1) {
      const op = view.pending(actor);
      this.intended = op.access;
      this.before = isWrite(op.access) ? this.word(op.addr) : 0;
    }
    return actor;
  }

  quantum(): number {
    return 0;
  }

  choose(_n: number): number {
    return 0;
  }

  executed(actor: number, op: Operation): void {
    const exploration = this.exploration as Exploration;
    const place = this.step++;
    if (isWrite(op.access)) this.vain = 0;
    /* What is prescribed but for its last event is as it was, with its races. */
    if (place < exploration.prescribed - 1) return;
    if (place < this.events.length) this.events.truncate(place);
    if (op.takesEffect === undefined && (op.access !== this.intended || op.more.length > 0)) {
      throw new SimulatorBug(`dpor: actor ${actor} does not tell when its operation takes effect`);
    }
    const previous = this.events.lastOf(actor);
    const enabler = exploration.enabler(actor, previous, place);
    const event = this.events.add(actor, op, this.before, enabler);
    if (this.intended === ACCESS.read && op.takesEffect !== undefined) {
      event.cuts = awaitCuts(this.events, actor, op, place, [previous, enabler], this.word);
    } else {
      for (const race of event.races)
        event.accesses.push(reversedAccess(this.events.at(race), event, op, this.intended));
    }
  }

  end(_end: ExecutionEnd): void {
    const { events } = this;
    const exploration = this.exploration as Exploration;
    if (this.step < events.length) events.truncate(this.step);
    /* Those of older events, too: what comes after them now is part of their reversal, and was not before. */
    for (let place = 0; place < events.length; place++) {
      const event = events.at(place);
      for (const cut of event.cuts) exploration.plan({ cut, place, last: branchOf(event.actor, event) });
      for (let i = 0; i < event.accesses.length; i++) {
        const last = branchOf(event.actor, event);
        last.access = event.accesses[i] as number;
        exploration.plan({ cut: cutOf(events, event.races[i] as number, place, last), place, last });
      }
    }
    this.reverseWaiting(exploration);
    exploration.backtrack();
  }

  private readonly word = (addr: number): number => {
    if (this.view?.word === undefined)
      throw new SimulatorBug('dpor: the engine does not tell what words hold');
    return this.view.word(addr);
  };

  /** An await that is never made in this execution may have been possible earlier in it. */
  private reverseWaiting(exploration: Exploration): void {
    const { view, events } = this;
    for (let rest = view?.waiting ?? 0; view !== null && rest !== 0; rest &= rest - 1) {
      const actor = lowest(rest);
      const op = view.pending(actor);
      const { access, addr } = op;
      const more = [...op.more];
      const place = events.length;
      const previous = events.lastOf(actor);
      const since = [previous, exploration.enabler(actor, previous, place)];
      for (const cut of awaitCuts(events, actor, op, place, since, this.word)) {
        exploration.plan({ cut, place, last: branchOf(actor, { access, addr, more }) });
      }
    }
  }
}
