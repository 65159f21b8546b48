// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sequential consistency and total store order as axioms over the same candidates: there is one order of events that
 * program order (all of it, or what a store buffer keeps of it), reads-from, coherence and from-reads agree with.
 *
 * A grace period has a start and an end in that order. Each read-side critical section begins after its start or ends
 * before its end; one of the two must fit for every pair.
 */

import { partsOf } from '../lkmm/parts.js';
import { staticFlags } from '../lkmm/static_flags.js';
import { LITMUS_FENCE as F } from '../program.js';
import type { Candidate } from './candidates.js';
import type { Verdict } from './explore.js';
import type { Graph } from './graph.js';
import { contains, intersect, isEmpty, minus, type Relation, union } from './relation.js';

interface Shared {
  /** Program order as far as the model keeps it. */
  readonly kept: Relation;
  readonly flags: readonly string[];
  /** Lock, unlock and grace period that concern each other. */
  readonly waits: readonly (readonly [lock: number, unlock: number, sync: number])[];
}

function share(graph: Graph, model: 'sc' | 'tso'): Shared {
  const { space, sets, po, loc } = graph;
  const parts = partsOf(graph);
  const waits: [number, number, number][] = [];
  const rcuSync = sets.fences(F.rcu_sync);
  for (let a = 0; a < space.events; a++) {
    for (let b = 0; b < space.events; b++) {
      const isRcu = space.has(parts.rcuRscs, a, b);
      if (!isRcu && !space.has(parts.srcuRscs, a, b)) continue;
      for (let g = 0; g < space.events; g++) {
        const concerns = isRcu ? contains(rcuSync, g) : contains(sets.srcuSync, g) && space.has(loc, a, g);
        if (concerns) waits.push([a, b, g]);
      }
    }
  }
  return { kept: model === 'sc' ? po : storeBufferOrder(graph), flags: staticFlags(graph, parts), waits };
}

/**
 * A store and a later load change places unless a barrier or a locked instruction stands between, or one of them is
 * part of one. Of RCU's and SRCU's calls, only the grace periods are barriers.
 */
function storeBufferOrder(graph: Graph): Relation {
  const { space, sets, po, rmw } = graph;
  const { writes, reads } = sets;
  const barriers = union(
    sets.fences(F.mb, F.rcu_sync, F.after_spinlock, F.after_unlock_lock, F.after_srcu_unlock),
    sets.srcuSync,
    sets.modify,
    space.domain(rmw),
    space.range(rmw),
  );
  const poMaybe = space.maybe(po);
  const across = minus(
    space.then(space.to(poMaybe, barriers), poMaybe),
    space.identity(space.complement(space.emptySet())),
  );
  /* Calls that are no barriers: what stands before the begin of a section does not come before what stands after it. */
  const passive = minus(space.complement(union(reads, writes, barriers)), sets.initial);
  const before = space.to(po, passive);
  const after = space.from(passive, po);
  const sections = union(sets.fences(F.rcu_unlock), sets.srcuUnlock);
  const delayed = union(
    space.between(writes, po, reads),
    minus(before, space.to(po, sections)),
    space.from(sections, after),
  );
  return union(minus(po, delayed), intersect(po, across));
}

/** Is there an order in which every grace period waits for the sections that began before it? */
function canWait(graph: Graph, base: Relation, waits: Shared['waits']): boolean {
  const { space } = graph;
  const closed = space.plus(base);
  if (!space.isIrreflexive(closed)) return false;
  const go = (k: number, order: Relation): boolean => {
    const wait = waits[k];
    if (wait === undefined) return true;
    const [lock, unlock, sync] = wait;
    for (const [from, to] of [
      [unlock, sync],
      [sync, lock],
    ] as const) {
      if (from === to || space.has(order, to, from)) continue;
      const next = order.slice();
      space.add(next, from, to);
      if (go(k + 1, space.plus(next))) return true;
    }
    return false;
  };
  return go(0, closed);
}

export function createStrongJudge(model: 'sc' | 'tso'): (candidate: Candidate) => Verdict {
  const known = new Map<Graph, Shared>();
  return ({ graph, rf, co, fr }) => {
    const shared = known.get(graph) ?? share(graph, model);
    known.set(graph, shared);
    const seen = model === 'sc' ? rf : intersect(rf, graph.ext);
    const allowed = canWait(graph, union(shared.kept, seen, co, fr), shared.waits);
    return { allowed, flags: allowed && !isEmpty(graph.sets.accesses) ? shared.flags : [] };
  };
}
