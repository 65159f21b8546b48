// SPDX-License-Identifier: GPL-2.0-only
/** The states along the present execution, with what is to be explored from each: the stack of dpor's search. */
import type { Events } from './events.js';
import { bit, has, lowest, useful } from './mask.js';
import { dependent, NO_WORDS } from './operations.js';
import { branchOf, isCovered, type Reversal, sequenceOf } from './reversal.js';
import { ACCESS, CUT, type ScheduleView } from './scheduler.js';
import { type Branch, insert } from './wakeup_tree.js';

/** The state before an event. */
interface State {
  /** Actors whose next operation has been explored from here, or from before with nothing dependent since. */
  asleep: number;
  /** That operation. */
  readonly sleepers: (Branch | undefined)[];
  /** What is to be explored from here; the first is being explored. */
  branches: Branch[];
  /** Actors that were not blocked, those in an await included. */
  readonly awake: number;
}

const NOTHING = { access: ACCESS.none, addr: 0, more: NO_WORDS };

export class Exploration {
  /** The execution begins with the first branches of so many states. */
  prescribed = 0;
  private readonly states: State[] = [];

  constructor(private readonly events: Events) {}

  /** The actor to run in state `step`, or CUT if all that follows has been seen. `vain`: actors that need not run. */
  next(step: number, view: ScheduleView, vain: number): number {
    const state = this.states[step] ?? this.enter(step, view);
    if (step >= this.prescribed - 1) this.decide(state, view, vain);
    return state.branches[0]?.actor ?? CUT;
  }

  /** The event that ended the sleep of an actor (a wake-up); -1 if it could go on ever since its event `previous`. */
  enabler(actor: number, previous: number, place: number): number {
    let since = previous + 1;
    while (since < place && !has((this.states[since] as State).awake, actor)) since++;
    return since === previous + 1 ? -1 : since - 1;
  }

  /** Plans the reversal of a race, unless something planned or explored leads to the same. */
  plan(reversal: Reversal): void {
    const state = this.states[reversal.cut[0] as number] as State;
    if (isCovered(this.events, reversal, state.asleep, state.sleepers)) return;
    insert(state.branches, 1, sequenceOf(this.events, reversal));
  }

  /** To the last state from which something is left to explore. */
  backtrack(): void {
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

  /** A new state: what was left asleep, and what was planned. */
  private enter(step: number, view: ScheduleView): State {
    const parent = this.states[step - 1];
    const branches = parent?.branches[0]?.children ?? [];
    const state: State = { asleep: 0, sleepers: [], branches, awake: view.enabled | (view.waiting ?? 0) };
    this.states.push(state);
    for (let rest = parent?.asleep ?? 0; rest !== 0; rest &= rest - 1) {
      const actor = lowest(rest);
      const op = (parent as State).sleepers[actor] as Branch;
      if (dependent(op, this.events.at(step - 1))) continue;
      state.asleep |= bit(actor);
      state.sleepers[actor] = op;
    }
    return state;
  }

  /** Sees to it that the first branch can be taken; none is left if there is nothing new. */
  private decide(state: State, view: ScheduleView, vain: number): void {
    const { branches } = state;
    const ways = useful(view.enabled, vain);
    /* What was planned for an actor that spins is dropped. */
    while (branches.length > 0 && !has(ways, (branches[0] as Branch).actor)) branches.shift();
    const choices = ways & ~state.asleep;
    if (branches.length > 0 || choices === 0) return;
    const actor = view.current >= 0 && has(choices, view.current) ? view.current : lowest(choices);
    branches.push(branchOf(actor, NOTHING));
  }
}
