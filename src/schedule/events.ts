// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of one execution as events, with happens-before between them (vector clocks) and their races. An
 * event is named by its place in the execution.
 */
import { dependent, isWrite, NO_WORDS, touches } from './operations.js';
import { ACCESS, type Operation } from './scheduler.js';

export class Event {
  actor = 0;
  access = 0;
  addr = 0;
  more: readonly number[] = NO_WORDS;
  /** Which of its actor's events it is, from 1. */
  index = 0;
  /** What its word held before it; of a write or update only. */
  before = 0;
  /** Earlier events that it could be made before, ascending in place from the last to the first. */
  readonly races: number[] = [];
  /** ACCESS that it would have there, one for each race. */
  readonly accesses: number[] = [];
  /** For an await: sets of earlier writes, ascending, without which it could be made as well. */
  cuts: number[][] = [];
}

export class Events {
  length = 0;
  private readonly list: Event[] = [];
  /** Places of the events of each actor; what stands behind the present number of events is old. */
  private readonly own: number[][];
  /** Row k: how many events of each actor happen before event k or are it. */
  private clocks = new Int32Array(0);
  /** Row k: how many events of each actor stand before place k. */
  private counts: Int32Array;

  constructor(private readonly actors: number) {
    this.own = Array.from({ length: actors }, () => []);
    this.counts = new Int32Array(actors);
  }

  at(place: number): Event {
    return this.list[place] as Event;
  }

  /** Place of the last event of an actor, -1 if there is none. */
  lastOf(actor: number): number {
    const n = this.count(this.length, actor);
    return n === 0 ? -1 : ((this.own[actor] as number[])[n - 1] as number);
  }

  /** Place of the first event of an actor at `place` or later, -1 if there is none. */
  firstFrom(place: number, actor: number): number {
    const n = this.count(place, actor);
    return n < this.count(this.length, actor) ? ((this.own[actor] as number[])[n] as number) : -1;
  }

  /** True also if they are the same. */
  happensBefore(earlier: number, later: number): boolean {
    const e = this.list[earlier] as Event;
    return (this.clocks[later * this.actors + e.actor] as number) >= e.index;
  }

  /** True if all that happens before event `later` stands before `place`. */
  rootedBefore(place: number, later: number): boolean {
    const actor = this.at(later).actor;
    const clock = later * this.actors;
    const count = place * this.actors;
    for (let a = 0; a < this.actors; a++) {
      if (a !== actor && (this.clocks[clock + a] as number) > (this.counts[count + a] as number))
        return false;
    }
    return true;
  }

  truncate(length: number): void {
    this.length = length;
  }

  /** `enabler`: the event that made the actor able to go on, -1 if none did. Finds happens-before and the races. */
  add(actor: number, op: Operation, before: number, enabler: number): Event {
    const place = this.length;
    this.grow(place + 2);
    if (this.list.length === place) this.list.push(new Event());
    const event = this.list[place] as Event;
    const previous = this.lastOf(actor);
    const index = this.count(place, actor) + 1;
    (this.own[actor] as number[])[index - 1] = place;
    event.actor = actor;
    event.access = op.access;
    event.addr = op.addr;
    event.more = op.more.length === 0 ? NO_WORDS : [...op.more];
    event.index = index;
    event.before = before;
    event.races.length = 0;
    event.accesses.length = 0;
    if (event.cuts.length > 0) event.cuts = [];
    const row = place * this.actors;
    const from = previous * this.actors;
    for (let a = 0; a < this.actors; a++) {
      this.clocks[row + a] = previous < 0 ? 0 : (this.clocks[from + a] as number);
      this.counts[row + this.actors + a] = this.counts[row + a] as number;
    }
    if (enabler >= 0) this.join(row, enabler);
    if (op.access !== ACCESS.none) this.findRaces(event, place);
    this.clocks[row + actor] = index;
    this.counts[row + this.actors + actor] = index;
    this.length = place + 1;
    return event;
  }

  /** A race is with a dependent event that happens before this one through no event between. */
  private findRaces(event: Event, place: number): void {
    const row = place * this.actors;
    const { actor } = event;
    const one = event.more.length === 0;
    for (let i = place - 1; i >= 0; i--) {
      const other = this.list[i] as Event;
      if (!dependent(other, event)) continue;
      if ((this.clocks[row + other.actor] as number) < other.index && other.actor !== actor) {
        event.races.push(i);
        this.join(row, i);
      }
      /* Whatever is dependent and older happens before this write. */
      if (one && isWrite(other.access) && touches(event, other.addr)) return;
    }
  }

  private count(place: number, actor: number): number {
    return this.counts[place * this.actors + actor] as number;
  }

  private join(row: number, place: number): void {
    const other = place * this.actors;
    for (let a = 0; a < this.actors; a++) {
      const theirs = this.clocks[other + a] as number;
      if (theirs > (this.clocks[row + a] as number)) this.clocks[row + a] = theirs;
    }
  }

  private grow(rows: number): void {
    const need = rows * this.actors;
    if (this.counts.length >= need && this.clocks.length >= need) return;
    const clocks = new Int32Array(need * 2);
    clocks.set(this.clocks);
    this.clocks = clocks;
    const counts = new Int32Array(need * 2);
    counts.set(this.counts);
    this.counts = counts;
  }
}
