// SPDX-License-Identifier: GPL-2.0-only
/**
 * One way of each thread put together: the events of a candidate execution with everything that does not hang on who
 * reads from whom. The first events are the initial writes, one per word that is used.
 */
import { ORDER } from '../../engine/fibers/memory_model.js';
import {
  createSpace,
  type EventSet,
  intersect,
  isEmpty,
  minus,
  type Relation,
  type Space,
  union,
} from './relation.js';
import { EVENT, type Trace, type TraceEvent } from './trace.js';

export interface GraphEvent {
  /** -1: an initial write. */
  readonly thread: number;
  readonly kind: number;
  readonly word: number;
  readonly order: number;
  readonly fence: number;
  readonly noReturn: boolean;
  readonly atomic: boolean;
  /** Index of the event in its thread's trace, or -1. */
  readonly index: number;
  /** Other half of a read-modify-write, or -1. */
  readonly partner: number;
}

export interface Graph {
  readonly space: Space;
  readonly events: readonly GraphEvent[];
  /** First event of each thread. */
  readonly bases: readonly number[];
  /** Words that are locked somewhere. */
  readonly lockWords: readonly number[];
  /** Words that are read or written, other than locks. */
  readonly dataWords: readonly number[];
  readonly sets: Sets;
  readonly po: Relation;
  readonly loc: Relation;
  readonly int: Relation;
  readonly ext: Relation;
  readonly poLoc: Relation;
  readonly addr: Relation;
  readonly data: Relation;
  readonly ctrl: Relation;
  /** Loads to what is computed from them. Null if nothing is written that was computed from a load. */
  readonly flow: Relation | null;
  /** Read half to write half, locks included. */
  readonly rmw: Relation;
  /** `po` through a fence of one of these kinds. */
  fencerel(...fences: readonly number[]): Relation;
}

/** R, W and M are as after lock.cat: with the events of locks. */
export interface Sets {
  readonly reads: EventSet;
  readonly writes: EventSet;
  readonly accesses: EventSet;
  readonly initial: EventSet;
  readonly marked: EventSet;
  readonly plain: EventSet;
  readonly acquire: EventSet;
  readonly release: EventSet;
  readonly noReturn: EventSet;
  /** Read-modify-writes: both halves, and the read of one that wrote nothing. Locks are none. */
  readonly modify: EventSet;
  readonly lockReads: EventSet;
  readonly lockWrites: EventSet;
  readonly unlocks: EventSet;
  readonly srcuLock: EventSet;
  readonly srcuUnlock: EventSet;
  readonly srcuSync: EventSet;
  readonly locks: EventSet;
  fences(...kinds: readonly number[]): EventSet;
}

const lockKinds: readonly number[] = [
  EVENT.lock_read,
  EVENT.lock_write,
  EVENT.unlock,
  EVENT.seen_locked,
  EVENT.seen_unlocked,
];

function listEvents(traces: readonly Trace[]): { events: GraphEvent[]; bases: number[] } {
  const used = new Set<number>();
  for (const trace of traces)
    for (const e of trace.events) if (e.word >= 0 && e.kind < EVENT.srcu_lock) used.add(e.word);
  const events: GraphEvent[] = [...used]
    .sort((a, b) => a - b)
    .map((word) => ({
      thread: -1,
      kind: EVENT.write,
      word,
      order: ORDER.once,
      fence: -1,
      noReturn: false,
      atomic: false,
      index: -1,
      partner: -1,
    }));
  const bases: number[] = [];
  for (const [thread, trace] of traces.entries()) {
    const base = events.length;
    bases.push(base);
    for (const [index, e] of trace.events.entries()) {
      const { kind, word, order, fence, noReturn, atomic } = e;
      const partner = e.partner < 0 ? -1 : base + e.partner;
      events.push({ thread, kind, word, order, fence, noReturn, atomic, index, partner });
    }
  }
  return { events, bases };
}

function setsOf(space: Space, events: readonly GraphEvent[]): Sets {
  const where = (test: (e: GraphEvent) => boolean): EventSet =>
    space.set(events.flatMap((e, i) => (test(e) ? [i] : [])));
  const ofKind = (...kinds: readonly number[]): EventSet => where((e) => kinds.includes(e.kind));
  const reads = ofKind(EVENT.read, EVENT.lock_read, EVENT.seen_locked, EVENT.seen_unlocked);
  const writes = ofKind(EVENT.write, EVENT.lock_write, EVENT.unlock);
  const accesses = union(reads, writes);
  const isAccess = (e: GraphEvent): boolean => e.kind === EVENT.read || e.kind === EVENT.write;
  const plain = where((e) => isAccess(e) && e.order === ORDER.plain && e.thread >= 0 && e.partner < 0);
  return {
    reads,
    writes,
    accesses,
    initial: where((e) => e.thread < 0),
    marked: space.complement(plain),
    plain,
    acquire: where((e) => (e.kind === EVENT.read && e.order === ORDER.acquire) || e.kind === EVENT.lock_read),
    release: where((e) => (e.kind === EVENT.write && e.order === ORDER.release) || e.kind === EVENT.unlock),
    noReturn: where((e) => e.noReturn),
    modify: where((e) => e.atomic),
    lockReads: ofKind(EVENT.lock_read),
    lockWrites: ofKind(EVENT.lock_write),
    unlocks: ofKind(EVENT.unlock),
    srcuLock: ofKind(EVENT.srcu_lock),
    srcuUnlock: ofKind(EVENT.srcu_unlock),
    srcuSync: ofKind(EVENT.srcu_sync),
    locks: ofKind(...lockKinds),
    fences: (...kinds) => where((e) => e.kind === EVENT.fence && kinds.includes(e.fence)),
  };
}

/** Program order of a thread: by statement, and within one as far as an event needs another. */
function addProgramOrder(space: Space, po: Relation, base: number, events: readonly TraceEvent[]): void {
  for (const [b, later] of events.entries()) {
    for (const a of later.after) space.add(po, base + a, base + b);
    for (const [a, earlier] of events.entries()) {
      if (earlier.statement < later.statement) space.add(po, base + a, base + b);
    }
  }
}

export function createGraph(traces: readonly Trace[]): Graph {
  const { events, bases } = listEvents(traces);
  const space = createSpace(events.length);
  const sets = setsOf(space, events);
  let po = space.none();
  const [addr, data, ctrl, flow, rmw, loc, int] = [
    space.none(), space.none(), space.none(), space.none(), space.none(), space.none(), space.none(),
  ] as const; // biome-ignore format: a row
  for (const [thread, trace] of traces.entries()) {
    const base = bases[thread] as number;
    addProgramOrder(space, po, base, trace.events);
    for (const [i, e] of trace.events.entries()) {
      for (const [k, load] of trace.loads.entries()) {
        if ((e.address >>> k) & 1) space.add(addr, base + load, base + i);
        if ((e.data >>> k) & 1) space.add(data, base + load, base + i);
        if ((e.control >>> k) & 1) space.add(ctrl, base + load, base + i);
        if ((e.flow >>> k) & 1) space.add(flow, base + load, base + i);
      }
    }
  }
  po = space.plus(po);
  for (const [a, x] of events.entries()) {
    if (x.partner >= 0 && (x.kind === EVENT.read || x.kind === EVENT.lock_read)) space.add(rmw, a, x.partner);
    for (const [b, y] of events.entries()) {
      if (x.word >= 0 && x.word === y.word) space.add(loc, a, b);
      if (x.thread === y.thread) space.add(int, a, b);
    }
  }
  const all = space.complement(space.emptySet());
  const words = (test: (e: GraphEvent) => boolean): number[] => [
    ...new Set(events.filter((e) => e.thread >= 0 && test(e)).map((e) => e.word)),
  ];
  const lockWords = words((e) => lockKinds.includes(e.kind));
  const dataWords = words((e) => e.kind === EVENT.read || e.kind === EVENT.write);
  return {
    space,
    events,
    bases,
    lockWords,
    dataWords: dataWords.filter((w) => !lockWords.includes(w)),
    sets,
    po,
    loc,
    int,
    ext: minus(space.cross(all, all), int),
    poLoc: intersect(po, loc),
    addr,
    data,
    ctrl,
    flow: isEmpty(space.to(flow, sets.writes)) ? null : flow,
    rmw,
    fencerel: (...fences) => space.then(space.to(po, sets.fences(...fences)), po),
  };
}
