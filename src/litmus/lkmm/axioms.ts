// SPDX-License-Identifier: GPL-2.0-only
/**
 * The axioms of the Linux-kernel memory model (linux-kernel.cat of Linux 6.1) on one candidate execution. Coherence and
 * atomicity hold already: candidates are made so. What is left: happens-before, propagation, RCU, and the coherence of
 * plain accesses.
 */
import type { Candidate } from '../axiomatic/candidates.js';
import type { Graph } from '../axiomatic/graph.js';
import { intersect, isEmpty, minus, type Relation, union } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';
import { type Parts, partsOf } from './parts.js';
import { judgePlain } from './plain.js';
import { rcuFenceOf } from './rcu.js';
import { staticFlags } from './static_flags.js';

/** Relations that the later axioms are made from. */
export interface Order {
  readonly strongFence: Relation;
  readonly nonrwFence: Relation;
  readonly fence: Relation;
  readonly cumulFence: Relation;
  readonly prop: Relation;
  readonly hb: Relation;
  readonly pb: Relation;
  readonly rfe: Relation;
}

export interface Judgement {
  readonly allowed: boolean;
  /** Names of flags that herd7 raises for this execution. */
  readonly flags: readonly string[];
}

const forbidden: Judgement = { allowed: false, flags: [] };

/** Null if happens-before or propagation has a cycle. */
function orderOf({ graph, rf, co, fr }: Candidate, parts: Parts): Order | null {
  const { space, sets, po, int, ext, addr, fencerel } = graph;
  const { accesses: m, marked, unlocks, lockReads, lockWrites } = sets;
  const marks = (r: Relation): Relation => space.between(marked, r, marked);
  const rfe = intersect(rf, ext);
  const overwrite = union(co, fr);
  let mb = parts.mb;
  if (parts.hasUnlockFence) {
    const unlockLock = space.then(space.to(po, unlocks), space.to(union(co, po), lockWrites));
    mb = union(mb, space.between(m, space.then(unlockLock, fencerel(F.after_unlock_lock)), m));
  }
  const strongFence = union(mb, parts.gp);
  const nonrwFence = union(strongFence, parts.poRel, parts.acqPo);
  const fence = union(nonrwFence, parts.wmb, parts.rmb);
  const unlockLockPo = isEmpty(unlocks)
    ? space.none()
    : space.then(space.then(space.to(po, unlocks), space.to(union(po, rf), lockReads)), po);
  const toW = union(parts.rwdep, intersect(overwrite, int), parts.plainWmb);
  const toR = union(addr, space.then(space.to(parts.dep, marked), intersect(rf, int)));
  const ppo = union(toR, toW, fence, intersect(unlockLockPo, int));
  const rfeMarked = space.maybe(space.to(rfe, marked));
  const cumulative = space.then(rfeMarked, union(strongFence, parts.poRel));
  const cumulFence = marks(union(cumulative, parts.wmb, unlockLockPo));
  const propStart = space.from(marked, space.maybe(intersect(overwrite, ext)));
  const propEnd = space.between(marked, space.maybe(rfe), marked);
  const prop = space.then(space.then(propStart, space.star(cumulFence)), propEnd);
  const hb = marks(union(ppo, rfe, intersect(minus(prop, space.identity(all(graph))), int)));
  if (!space.isAcyclic(hb)) return null;
  const pb = space.to(space.then(space.then(prop, strongFence), space.star(hb)), marked);
  if (!space.isAcyclic(pb)) return null;
  return { strongFence, nonrwFence, fence, cumulFence, prop, hb, pb, rfe };
}

function all({ space }: Graph): Uint32Array {
  return space.complement(space.emptySet());
}

/** Prepares what all executions of one graph share. */
export function createJudge(): (candidate: Candidate) => Judgement {
  const known = new Map<Graph, { readonly parts: Parts; readonly flags: readonly string[] }>();
  return (candidate) => {
    const { graph } = candidate;
    const { space, sets } = graph;
    let shared = known.get(graph);
    if (shared === undefined) {
      const parts = partsOf(graph);
      shared = { parts, flags: staticFlags(graph, parts) };
      known.set(graph, shared);
    }
    const order = orderOf(candidate, shared.parts);
    if (order === null) return forbidden;
    const rcuFence = shared.parts.hasGracePeriod ? rcuFenceOf(graph, shared.parts, order) : space.none();
    const after = space.then(space.star(order.hb), space.star(order.pb));
    const rb = space.to(space.then(space.then(order.prop, rcuFence), after), sets.marked);
    if (!space.isIrreflexive(rb)) return forbidden;
    if (isEmpty(sets.plain)) return { allowed: true, flags: shared.flags };
    const races = judgePlain(candidate, shared.parts, order, rcuFence, rb);
    if (races === null) return forbidden;
    return { allowed: true, flags: [...shared.flags, ...races] };
  };
}
