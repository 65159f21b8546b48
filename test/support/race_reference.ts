// SPDX-License-Identifier: GPL-2.0-only
/**
 * Data races the slow way: every access keeps all that happened before it as a set, and every pair is compared. What
 * orders what is written down here a second time, without clocks.
 */
import type { Op } from './race_program.js';

type Before = ReadonlySet<number>;
const union = (...sets: readonly Before[]): Before => new Set(sets.flatMap((s) => [...s]));
const NONE: Before = new Set();

interface Actor {
  known: Before;
  /** As it was at the last fence of the kind; null: none yet. */
  atRelease: Before | null;
  atStrong: Before | null;
  seen: Before;
  overwritten: Before;
}

interface Word {
  released: Before;
  looked: Before;
  accesses: {
    readonly id: number;
    readonly write: boolean;
    readonly marked: boolean;
    readonly actor: number;
  }[];
}

/** Words on which a race exists. */
export function racyWords(ops: readonly Op[], actors: number): Set<number> {
  const all: Actor[] = Array.from({ length: actors }, () => ({
    known: NONE,
    atRelease: null,
    atStrong: null,
    seen: NONE,
    overwritten: NONE,
  }));
  const words = new Map<number, Word>();
  const futexes = new Map<number, Before>();
  const racy = new Set<number>();
  const strong = (a: Actor) => {
    a.known = union(a.known, a.seen, a.overwritten);
    a.atStrong = a.known;
    a.atRelease = a.known;
  };
  for (const [id, op] of ops.entries()) {
    const a = all[op.actor] as Actor;
    if (op.kind === 'fence') {
      if (op.fence === 'rmb') a.known = union(a.known, a.seen);
      else if (op.fence === 'wmb') a.atRelease = a.known;
      else strong(a);
      continue;
    }
    if (op.kind === 'wake') {
      futexes.set(op.word, union(futexes.get(op.word) ?? NONE, a.known));
      continue;
    }
    if (op.kind === 'woken') {
      a.known = union(a.known, futexes.get(op.word) ?? NONE);
      continue;
    }
    let w = words.get(op.word);
    if (w === undefined) {
      w = { released: NONE, looked: NONE, accesses: [] };
      words.set(op.word, w);
    }
    const marked = op.order !== 'plain';
    const reads = op.kind !== 'store';
    const writes = op.kind !== 'load';
    let here: Before = a.known;
    if (marked && reads) {
      if (op.kind === 'rmw' && op.order === 'full') strong(a);
      const acquires =
        op.kind === 'load' ? op.order !== 'once' : op.order === 'acquire' || op.order === 'full';
      if (acquires) a.known = union(a.known, w.released);
      else a.seen = union(a.seen, w.released);
      here = union(a.known, w.released);
    }
    for (const other of w.accesses) {
      if (other.actor === op.actor || (other.marked && marked) || !(other.write || writes)) continue;
      if (!here.has(other.id)) racy.add(op.word);
    }
    w.accesses.push({ id, write: writes, marked, actor: op.actor });
    a.known = union(a.known, new Set([id]));
    if (!marked) {
      if (writes) w.released = NONE;
      continue;
    }
    if (writes) {
      a.overwritten = union(a.overwritten, w.looked);
      const rmw = op.kind === 'rmw';
      const gives = op.order === 'release' || (rmw && op.order === 'full') ? a.known : (a.atRelease ?? NONE);
      w.released = rmw ? union(w.released, gives) : gives;
    }
    if (a.atStrong !== null) w.looked = union(w.looked, a.atStrong);
    if (writes && op.order === 'full') strong(a);
  }
  return racy;
}
