// SPDX-License-Identifier: GPL-2.0-only
/**
 * Where else in this execution an await could have been made: it need not be right before the last write to its
 * words, as the condition may have held earlier and not since.
 */
import type { Events } from './events.js';
import { isWrite, NO_WORDS } from './operations.js';
import type { Operation } from './scheduler.js';

/**
 * Sets of writes to the words of `op` without which, and without all that happens after them, its condition holds.
 * Ascending places. Only writes before place `end` that do not happen before one of the events `since` (-1: none),
 * which led the actor to the await. `now` gives what a word holds at present.
 */
export function awaitCuts(
  events: Events,
  actor: number,
  op: Operation,
  end: number,
  since: readonly number[],
  now: (addr: number) => number,
): number[][] {
  const words = op.more.length === 0 ? [op.addr] : [op.addr, ...op.more];
  const writes = words.map((addr) => {
    const places: number[] = [];
    for (let i = 0; i < end; i++) {
      const event = events.at(i);
      if (event.addr !== addr || !isWrite(event.access) || event.actor === actor) continue;
      if (!since.some((place) => place >= 0 && events.happensBefore(i, place))) places.push(i);
    }
    return places;
  });
  const cuts: number[][] = [];
  /* For each word the number of its writes that are kept; all are kept in the present. */
  const kept = writes.map((places) => places.length);
  const read = (addr: number): number => {
    const word = words.indexOf(addr);
    const first = word < 0 ? undefined : (writes[word] as number[])[kept[word] as number];
    return first === undefined ? now(addr) : events.at(first).before;
  };
  while (countDown(kept, writes)) {
    const cut = writes
      .map((places, word) => places[kept[word] as number] ?? -1)
      .filter((place) => place >= 0);
    const consistent = writes.every((places, word) => {
      const last = places[(kept[word] as number) - 1];
      return last === undefined || cut.every((place) => place > last || !events.happensBefore(place, last));
    });
    if (!consistent) continue;
    if (op.takesEffect === undefined || op.takesEffect(read)) {
      cuts.push(cut.sort((a, b) => a - b));
    }
  }
  return cuts;
}

/** The next lower combination; false after the one that keeps nothing. */
function countDown(kept: number[], writes: readonly (readonly number[])[]): boolean {
  for (let word = 0; word < kept.length; word++) {
    const n = kept[word] as number;
    if (n > 0) {
      kept[word] = n - 1;
      return true;
    }
    kept[word] = (writes[word] ?? NO_WORDS).length;
  }
  return false;
}
