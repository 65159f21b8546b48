// SPDX-License-Identifier: GPL-2.0-only
/**
 * dpor: optimal dynamic partial-order reduction, for exhaustive runs under sequential consistency.
 *
 * Guarantee: one execution of every Mazurkiewicz trace (schedules that differ only in the order of independent
 * operations), and no other execution, also none that is cut off halfway. Abdulla, Aronis, Jonsson, Sagonas, "Source
 * sets: a foundation for optimal dynamic partial order reduction", JACM 64(4), 2017. For awaits the idea is that of
 * Jonsson, Lång, Sagonas, "Awaiting for Godot", FMCAD 2022: a race is with every set of writes without which the
 * condition holds. Programs have to end: a loop around cpu_relax has no end here, an await has.
 */
import { SimulatorBug } from '../util/fault.js';
import { awaitCuts } from './await_cuts.js';
import { type Event, Events } from './events.js';
import { bit, has, lowest, useful } from './mask.js';
import { dependent, isWrite, NO_WORDS } from './operations.js';
import { branchOf, isCovered, type Reversal, sequenceOf } from './reversal.js';
import {
  ACCESS,
  CUT,
  type ExecutionEnd,
  type Operation,
  type Scheduler,
  type ScheduleView,
} from './scheduler.js';
import { type Branch, insert } from './wakeup_tree.js';

const made = (places: readonly number[]): number[] => places.filter((place) => place >= 0);
const NOTHING = { access: ACCESS.none, addr: 0, more: NO_WORDS };

/** The state before an event. */
interface State {
  /** Actors whose next operation has been explored from here, or from before with nothing dependent since. */
  asleep: number;
  /** That operation. */
  readonly sleepers: (Branch | undefined)[];
  /** What is to be explored from here; the first is being explored. */
  branches: Branch[];
  /** Actors that were not blocked, those in an await included. */
  awake: number;
}

export class DporScheduler implements Scheduler {
  readonly name = 'dpor';
  readonly needsOperations = true;
  readonly asksOnWake = false;
  /** Executions that were left because all that follows had been seen: with `takesEffect` there are none. */
  cutOff = 0;
  private events = new Events(0);
  private readonly states: State[] = [];
  /** States whose first branch is prescribed. */
  private prescribed = 0;
  private step = 0;
  private view: ScheduleView | null = null;
  /** Of the operation that was chosen: what its word held, and its access as far as that is known before it. */
  private before = 0;
  private intended = 0;
  private started = false;

  begin(actors: number): boolean {
    if (!this.started) {
      this.started = true;
      this.events = new Events(actors);
    } else if (this.prescribed === 0) {
      return false;
    }
    this.step = 0;
    this.view = null;
    return true;
  }

  next(view: ScheduleView): number {
    this.view = view;
    const state = this.states[this.step] ?? this.enter(view);
    if (this.step >= this.prescribed - 1) this.decide(state, view);
    const actor = state.branches[0]?.actor ?? CUT;
    if (actor === CUT) {
      this.cutOff++;
      return CUT;
    }
    if (!has(view.enabled, actor)) {
      throw new SimulatorBug(`dpor: actor ${actor} could run at step ${this.step} before and cannot now`);
    }
    if (this.step >= this.prescribed - 1) {
      const op = view.pending(actor);
      this.intended = op.access;
      this.before = isWrite(op.access) && view.word !== undefined ? view.word(op.addr) : 0;
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
    const place = this.step++;
    if (place < this.prescribed - 1) return;
    if (place < this.events.length) this.events.truncate(place);
    const previous = this.events.lastOf(actor);
    const enabler = this.enabler(actor, previous, place);
    const event = this.events.add(actor, op, this.before, enabler);
    const isAwait = this.intended === ACCESS.read && op.takesEffect !== undefined;
    if (isAwait) event.cuts = awaitCuts(this.events, actor, op, place, made([previous, enabler]), this.word);
    else for (const race of event.races) event.accesses.push(this.reversedAccess(event, op, race));
  }

  end(_end: ExecutionEnd): void {
    if (this.step < this.events.length) this.events.truncate(this.step);
    const { events } = this;
    for (let place = Math.max(0, this.prescribed - 1); place < events.length; place++) {
      const event = events.at(place);
      if (event.cuts.length > 0) {
        for (const cut of event.cuts) this.reverse({ cut, place, last: branchOf(event.actor, event) });
      } else if (event.accesses.length > 0) {
        event.races.forEach((race, i) => {
          const last = branchOf(event.actor, event);
          last.access = event.accesses[i] as number;
          this.reverse({ cut: [race], place, last });
        });
      }
    }
    this.reverseWaiting();
    this.backtrack();
  }

  private readonly word = (addr: number): number => this.view?.word?.(addr) ?? 0;

  /** A new state: what was left asleep, and what is to be explored. */
  private enter(view: ScheduleView): State {
    const parent = this.states[this.step - 1];
    const state: State = { asleep: 0, sleepers: [], branches: [], awake: view.enabled | (view.waiting ?? 0) };
    this.states.push(state);
    if (parent !== undefined) {
      const event = this.events.at(this.step - 1);
      for (let rest = parent.asleep; rest !== 0; rest &= rest - 1) {
        const actor = lowest(rest);
        const op = parent.sleepers[actor] as Branch;
        if (dependent(op, event)) continue;
        state.asleep |= bit(actor);
        state.sleepers[actor] = op;
      }
      state.branches = parent.branches[0]?.children ?? [];
    }
    return state;
  }

  /** Sees to it that the first branch can be taken. None is left if all that follows has been seen. */
  private decide(state: State, view: ScheduleView): void {
    /* One that turns out to be disabled is an await of which the condition could not be asked for. */
    while (state.branches.length > 0 && !has(view.enabled, (state.branches[0] as Branch).actor)) {
      state.branches.shift();
    }
    const choices = useful(view.enabled & ~state.asleep, view.spinning);
    if (state.branches.length > 0 || choices === 0) return;
    const actor = view.current >= 0 && has(choices, view.current) ? view.current : lowest(choices);
    state.branches.push(branchOf(actor, NOTHING));
  }

  /** The event that ended the sleep of an actor (a wake-up), -1 if it could go on ever since its last event. */
  private enabler(actor: number, previous: number, place: number): number {
    let since = previous + 1;
    while (since < place && !has((this.states[since] as State).awake, actor)) since++;
    return since === previous + 1 ? -1 : since - 1;
  }

  private reversedAccess(event: Event, op: Operation, race: number): number {
    const other = this.events.at(race);
    if (this.intended !== ACCESS.update || !isWrite(other.access)) return event.access;
    if (op.takesEffect === undefined) return ACCESS.update;
    return op.takesEffect(() => other.before) ? ACCESS.update : ACCESS.read;
  }

  private reverse(reversal: Reversal): void {
    const state = this.states[reversal.cut[0] as number] as State;
    if (isCovered(this.events, reversal, state.asleep, state.sleepers)) return;
    insert(state.branches, 1, sequenceOf(this.events, reversal));
  }

  /** An await that is never made in this execution may have been possible earlier in it. */
  private reverseWaiting(): void {
    const { view, events } = this;
    for (let rest = view?.waiting ?? 0; view !== null && rest !== 0; rest &= rest - 1) {
      const actor = lowest(rest);
      const op = view.pending(actor);
      const last = branchOf(actor, { access: op.access, addr: op.addr, more: [...op.more] });
      const end = events.length;
      const previous = events.lastOf(actor);
      const since = made([previous, this.enabler(actor, previous, end)]);
      const cuts = awaitCuts(events, actor, op, end, since, this.word);
      for (const cut of cuts) this.reverse({ cut, place: end, last: { ...last } });
    }
  }

  /** To the last state from which something is left to explore. */
  private backtrack(): void {
    for (; this.states.length > 0; this.states.pop()) {
      const place = this.states.length - 1;
      const state = this.states[place] as State;
      const done = state.branches.shift();
      if (done !== undefined && place < this.events.length) {
        state.asleep |= bit(done.actor);
        state.sleepers[done.actor] = branchOf(done.actor, this.events.at(place));
      }
      if (state.branches.length > 0) break;
    }
    this.prescribed = this.states.length;
  }
}
