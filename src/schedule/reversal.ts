// SPDX-License-Identifier: GPL-2.0-only
/**
 * The reversal of a race: the events of an execution that do not happen after the earlier ones of the race, then the
 * later one. It is to be explored from the state before them unless a sleeping actor shows that it has been.
 */
import type { Event, Events } from './events.js';
import { lowest } from './mask.js';
import { dependent, type Footprint, isWrite, NO_WORDS } from './operations.js';
import { ACCESS, type Operation } from './scheduler.js';
import type { Branch } from './wakeup_tree.js';

export interface Reversal {
  /** Ascending places of the events to be left out, with all that happens after them. */
  readonly cut: readonly number[];
  /** Place of the event that comes last instead; the length of the execution if it has not been made. */
  readonly place: number;
  /** That event, as it would be. */
  readonly last: Branch;
}

/** ACCESS of an event if it is made before `other`. Before a write, a read-modify-write finds what that overwrote. */
export function reversedAccess(other: Event, event: Event, op: Operation, intended: number): number {
  if (intended !== ACCESS.update || !isWrite(other.access)) return event.access;
  return op.takesEffect?.(() => other.before) === false ? ACCESS.read : ACCESS.update;
}

/** What a reversal leaves out. A read-modify-write that turns from a read into a write takes later reads with it. */
export function cutOf(events: Events, race: number, place: number, last: Branch): number[] {
  const cut = [race];
  if (isWrite(events.at(place).access) || !isWrite(last.access)) return cut;
  for (let i = place + 1; i < events.length; i++) if (dependent(events.at(i), last)) cut.push(i);
  return cut;
}

function isKept(events: Events, cut: readonly number[], place: number): boolean {
  for (const c of cut) if (events.happensBefore(c, place)) return false;
  return true;
}

/**
 * True if an actor that sleeps in the state before the race could make its operation first: all that the reversal
 * leads to has been explored. `sleepers` are the operations of the actors in `asleep`.
 */
export function isCovered(
  events: Events,
  { cut, place, last }: Reversal,
  asleep: number,
  sleepers: readonly (Footprint | undefined)[],
): boolean {
  const from = cut[0] as number;
  for (let rest = asleep; rest !== 0; rest &= rest - 1) {
    const actor = lowest(rest);
    const first = events.firstFrom(from, actor);
    if (first >= 0 && first !== place && isKept(events, cut, first)) {
      if (events.rootedBefore(from, first)) return true;
      continue;
    }
    const isLast = actor === last.actor && (first < 0 || first === place);
    const op = isLast ? last : (sleepers[actor] as Footprint);
    if ((isLast || !dependent(op, last)) && isIndependent(events, cut, op)) return true;
  }
  return false;
}

/** Of all that the reversal keeps. */
function isIndependent(events: Events, cut: readonly number[], op: Footprint): boolean {
  for (let i = (cut[0] as number) + 1; i < events.length; i++) {
    if (dependent(events.at(i), op) && isKept(events, cut, i)) return false;
  }
  return true;
}

export function sequenceOf(events: Events, { cut, place, last }: Reversal): Branch[] {
  const sequence: Branch[] = [];
  for (let i = (cut[0] as number) + 1; i < events.length; i++) {
    if (i !== place && isKept(events, cut, i)) sequence.push(branchOf(events.at(i).actor, events.at(i)));
  }
  sequence.push(last);
  return sequence;
}

export function branchOf(actor: number, op: Footprint): Branch {
  const more = op.more.length === 0 ? NO_WORDS : op.more;
  return { actor, access: op.access, addr: op.addr, more, children: [] };
}
