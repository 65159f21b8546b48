// SPDX-License-Identifier: GPL-2.0-only
/**
 * The same for a lock: in which order it was taken, and what those saw who only looked. Rules as in the kernel's
 * lock.cat. A lock is taken from the one who freed it, so reads-from of the lock itself follows from the order.
 */
import type { Graph } from './graph.js';
import type { WordChoice } from './orders.js';
import { EVENT, Unfit } from './trace.js';

interface LockEvents {
  readonly initial: number;
  readonly takes: number[];
  readonly unlocks: number[];
  readonly seenLocked: number[];
  readonly seenUnlocked: number[];
}

function eventsOf(graph: Graph, word: number): LockEvents {
  const found: LockEvents = { initial: 0, takes: [], unlocks: [], seenLocked: [], seenUnlocked: [] };
  let initial = -1;
  for (const [i, e] of graph.events.entries()) {
    if (e.word !== word) continue;
    if (e.thread < 0) initial = i;
    else if (e.kind === EVENT.lock_write) found.takes.push(i);
    else if (e.kind === EVENT.unlock) found.unlocks.push(i);
    else if (e.kind === EVENT.seen_locked) found.seenLocked.push(i);
    else if (e.kind === EVENT.seen_unlocked) found.seenUnlocked.push(i);
    else if (e.kind !== EVENT.lock_read) throw new Unfit('a lock is also accessed as a variable');
  }
  return { ...found, initial };
}

/** None if the lock is taken twice by one thread without being freed, or is left taken twice: a deadlock. */
export function lockChoicesOf(graph: Graph, word: number): WordChoice[] {
  const { events, space, po } = graph;
  const before = (a: number, b: number): boolean => space.has(po, a, b);
  const { initial, takes, unlocks, seenLocked, seenUnlocked } = eventsOf(graph, word);
  const isBetween = (list: readonly number[], a: number, b: number): boolean =>
    list.some((x) => before(a, x) && before(x, b));

  for (const a of takes) {
    for (const b of takes) if (before(a, b) && !isBetween(unlocks, a, b)) return [];
  }
  /** Unlock of each lock that is freed. */
  const freedBy = new Map<number, number>();
  for (const u of unlocks) {
    const own = takes.filter((t) => before(t, u) && !isBetween(takes, t, u) && !isBetween(unlocks, t, u));
    /* One that was not taken is told of by a flag, and has no place in the order. */
    if (own[0] === undefined) continue;
    freedBy.set(own[0], u);
  }
  const unmatched = takes.filter((t) => !freedBy.has(t));
  if (unmatched.length > 1) return [];

  const orders: number[][] = [];
  const chosen: number[] = [];
  const choose = (): void => {
    if (chosen.length === takes.length) orders.push(chosen.slice());
    for (const t of takes) {
      if (chosen.includes(t) || takes.some((x) => x !== t && !chosen.includes(x) && before(x, t))) continue;
      if (!freedBy.has(t) && chosen.length < takes.length - 1) continue;
      chosen.push(t);
      choose();
      chosen.pop();
    }
  };
  choose();

  /** Who may have been seen by each of those who looked. */
  const seen: (readonly [number, readonly number[]])[] = [];
  for (const r of seenLocked) {
    const own = takes.filter((t) => before(t, r) && !isBetween(unlocks, t, r));
    seen.push([r, own.length > 0 ? own : takes.filter((t) => events[t]?.thread !== events[r]?.thread)]);
  }
  for (const r of seenUnlocked) {
    const foreign = unlocks.filter((u) => events[u]?.thread !== events[r]?.thread);
    const own = unlocks.filter((u) => before(u, r) && !isBetween(takes, u, r));
    seen.push([r, [initial, ...foreign, ...own]]);
  }
  return orders.flatMap((taken) => {
    const order = [
      initial,
      ...taken.flatMap((t) => [t, ...(freedBy.has(t) ? [freedBy.get(t) as number] : [])]),
    ];
    return products(seen).map((looks) => {
      const takers = taken.map((t, k): [number, number] => {
        const previous = k === 0 ? initial : (freedBy.get(taken[k - 1] as number) as number);
        return [previous, (events[t] as { partner: number }).partner];
      });
      return { word, order, readsFrom: [...takers, ...looks] };
    });
  });
}

function products(seen: readonly (readonly [number, readonly number[]])[]): [number, number][][] {
  let all: [number, number][][] = [[]];
  for (const [read, sources] of seen)
    all = all.flatMap((one) => sources.map((w) => [...one, [w, read] as [number, number]]));
  return all;
}
