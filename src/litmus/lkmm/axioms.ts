// SPDX-License-Identifier: GPL-2.0-only
/**
 * The axioms of the Linux-kernel memory model (linux-kernel.cat) on one candidate execution. Coherence and atomicity
 * hold already: candidates are made so. What is left: happens-before, propagation, RCU, and the coherence of plain
 * accesses.
 */
import type { Candidate } from '../axiomatic/candidates.js';
import type { Graph } from '../axiomatic/graph.js';
import { intersect, isEmpty, minus, type Relation, union } from '../axiomatic/relation.js';
import { Unfit } from '../axiomatic/trace.js';
import { LITMUS_FENCE as F } from '../program.js';
import { type Parts, partsOf } from './parts.js';
import { judgePlain } from './plain.js';
import { rcuFenceOf } from './rcu.js';
import { hasBadNesting, staticFlags } from './static_flags.js';
import { dependenciesOf, type Version } from './version.js';

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
  readonly addr: Relation;
  readonly rmwSequence: Relation;
}

export interface Judgement {
  readonly allowed: boolean;
  /** Names of flags that herd7 raises for this execution. */
  readonly flags: readonly string[];
}

const forbidden: Judgement = { allowed: false, flags: [] };

/** Null if happens-before or propagation has a cycle. */
function orderOf(candidate: Candidate, parts: Parts, version: Version): Order | null {
  const { graph, rf, co, fr } = candidate;
  const { space, sets, po, int, ext } = graph;
  const deps = dependenciesOf(candidate, parts, version);
  const { marked, reads, unlocks, lockReads } = sets;
  const marks = (r: Relation): Relation => space.between(marked, r, marked);
  const rfe = intersect(rf, ext);
  const overwrite = union(co, fr);
  const unlockLockPo = isEmpty(unlocks)
    ? space.none()
    : space.then(space.then(space.to(po, unlocks), space.to(union(po, rf), lockReads)), po);
  const handedOn = parts.hasUnlockFence ? throughLocks(candidate, unlockLockPo, version) : space.none();
  const strongFence = union(parts.mb, handedOn, parts.gp);
  const nonrwFence = union(strongFence, parts.poRel, parts.acqPo);
  const fence = union(nonrwFence, parts.wmb, parts.rmb);
  const toW = union(deps.rwdep, intersect(overwrite, int), deps.plainWmb);
  const read = version === '6.1' ? deps.addr : space.to(deps.addr, reads);
  const toR = union(read, space.then(space.to(deps.dep, marked), intersect(rf, int)));
  const own = version === '6.1' ? fence : intersect(fence, int);
  const ppo = union(toR, toW, own, intersect(unlockLockPo, int));
  const rfeMarked = space.maybe(space.to(rfe, marked));
  const cumulative = space.then(rfeMarked, union(strongFence, parts.poRel));
  const links = marks(union(cumulative, parts.wmb, unlockLockPo));
  const cumulFence = space.then(links, deps.rmwSequence);
  const propStart = space.from(marked, space.maybe(intersect(overwrite, ext)));
  const propEnd = space.between(marked, space.maybe(rfe), marked);
  const prop = space.then(space.then(propStart, space.star(cumulFence)), propEnd);
  const hb = marks(union(ppo, rfe, intersect(minus(prop, space.identity(all(graph))), int)));
  if (!space.isAcyclic(hb)) return null;
  const pb = space.to(space.then(space.then(prop, strongFence), space.star(hb)), marked);
  if (!space.isAcyclic(pb)) return null;
  const { addr, rmwSequence } = deps;
  return { strongFence, nonrwFence, fence, cumulFence, prop, hb, pb, rfe, addr, rmwSequence };
}

/** The full barrier of smp_mb__after_unlock_lock(), from before the unlock. */
function throughLocks({ graph, co }: Candidate, unlockLockPo: Relation, version: Version): Relation {
  const { space, sets, po, fencerel } = graph;
  const { accesses: m, unlocks, lockWrites } = sets;
  if (version === '6.1') {
    const unlockLock = space.then(space.to(po, unlocks), space.to(union(co, po), lockWrites));
    return space.between(m, space.then(unlockLock, fencerel(F.after_unlock_lock)), m);
  }
  return space.between(m, space.then(space.to(unlockLockPo, sets.fences(F.after_unlock_lock)), po), m);
}

function all({ space }: Graph): Uint32Array {
  return space.complement(space.emptySet());
}

export interface Judge {
  (candidate: Candidate): Judgement;
  /**
   * Of an execution of which some reads and orders are not chosen yet: false if it is forbidden whatever they will be.
   * All relations here only grow with them, so a cycle stays one.
   */
  readonly canBe: (part: Candidate) => boolean;
}

/** Prepares what all executions of one graph share. */
export function createJudge(version: Version = '6.1'): Judge {
  const known = new Map<Graph, { readonly parts: Parts; readonly flags: readonly string[] }>();
  const sharedOf = (graph: Graph): { readonly parts: Parts; readonly flags: readonly string[] } => {
    const { sets } = graph;
    let shared = known.get(graph);
    if (shared === undefined) {
      if (version !== '6.1' && !isEmpty(union(sets.srcuLock, sets.srcuUnlock, sets.srcuSync))) {
        throw new Unfit('SRCU is known as of 6.1 only');
      }
      const parts = partsOf(graph);
      shared = { parts, flags: staticFlags(graph, parts, version) };
      known.set(graph, shared);
    }
    return shared;
  };
  const judge = (candidate: Candidate): Judgement => {
    const { space, sets } = candidate.graph;
    const shared = sharedOf(candidate.graph);
    const order = orderOf(candidate, shared.parts, version);
    if (order === null) return forbidden;
    let [rcuFence, rb] = [space.none(), space.none()];
    if (shared.parts.hasGracePeriod) {
      const after = space.then(space.star(order.hb), space.star(order.pb));
      rcuFence = rcuFenceOf(candidate.graph, shared.parts, order.prop, after);
      rb = space.to(space.then(space.then(order.prop, rcuFence), after), sets.marked);
      if (!space.isIrreflexive(rb)) return forbidden;
    }
    const flags = hasBadNesting(candidate, shared.parts)
      ? [...shared.flags, 'srcu-bad-nesting']
      : shared.flags;
    if (isEmpty(sets.plain)) return { allowed: true, flags };
    const races = judgePlain(candidate, shared.parts, order, rcuFence, rb);
    if (races === null) return forbidden;
    return { allowed: true, flags: [...flags, ...races] };
  };
  const canBe = (part: Candidate): boolean => orderOf(part, sharedOf(part.graph).parts, version) !== null;
  return Object.assign(judge, { canBe });
}
