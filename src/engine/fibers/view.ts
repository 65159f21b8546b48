// SPDX-License-Identifier: GPL-2.0-only
/** What a scheduler sees of an execution of coroutines: who can go on, and what each is about to do. */
import { ACCESS, type Operation, type ScheduleView } from '../../schedule/scheduler.js';
import { RMW } from './compile/points.js';

export const MAX_ACTORS = 32;
export const NO_WORDS: readonly number[] = [];

/** The next operation of an actor, and what it would do. */
export class PendingOperation {
  access: number = ACCESS.none;
  addr = 0;
  more: readonly number[] = NO_WORDS;
  takesEffect: ((read: (addr: number) => number) => boolean) | undefined = undefined;
  /** RMW, with its values. */
  rmw = 0;
  value = 0;
  other = 0;
  /** Of an await: its words (-1: no second one) and its condition. */
  second = -1;
  holds: (first: number, second: number) => boolean = () => true;

  set(access: number, addr: number): void {
    this.access = access;
    this.addr = addr;
    this.more = NO_WORDS;
    this.takesEffect = undefined;
  }

  /** Becomes what `from` is now. */
  copy(from: PendingOperation): void {
    this.access = from.access;
    this.addr = from.addr;
    this.more = from.more;
    this.rmw = from.rmw;
    this.value = from.value;
    this.other = from.other;
    this.second = from.second;
    this.holds = from.holds;
    const { takesEffect } = from;
    this.takesEffect =
      takesEffect === from.isOver ? this.isOver : takesEffect === from.changes ? this.changes : undefined;
  }

  readonly changes = (read: (addr: number) => number): boolean => {
    const old = read(this.addr);
    const { value, other } = this;
    switch (this.rmw) {
      case RMW.exchange:
        return old !== value;
      case RMW.compareExchange:
        return old === value && old !== other;
      case RMW.add:
        return value !== 0;
      case RMW.or:
        return (old | value) !== old;
      default:
        return (old & value) !== old;
    }
  };

  readonly isOver = (read: (addr: number) => number): boolean =>
    this.holds(read(this.addr), this.second < 0 ? 0 : read(this.second));
}

export class View implements ScheduleView {
  enabled = 0;
  spinning = 0;
  waiting = 0;
  current = -1;
  step = 0;
  timed = false;
  heap: Int32Array = new Int32Array(0);
  /** Place of the next operation, by actor. */
  readonly sites = new Int32Array(MAX_ACTORS);
  readonly operations: PendingOperation[] = Array.from({ length: MAX_ACTORS }, () => new PendingOperation());

  pending(actor: number): Operation {
    return this.operations[actor] as Operation;
  }

  site(actor: number): number {
    return this.sites[actor] as number;
  }

  readonly word = (addr: number): number => this.heap[addr] as number;
}
