// SPDX-License-Identifier: GPL-2.0-only
/** Plain accesses: what they must not see, and which of them race (last part of linux-kernel.cat). */
import type { Candidate } from '../axiomatic/candidates.js';
import { intersect, isEmpty, minus, type Relation, union } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';
import type { Order } from './axioms.js';
import type { Parts } from './parts.js';

/** Flags of the execution, or null if it breaks the coherence of plain accesses. */
export function judgePlain(
  { graph, rf, co, fr }: Candidate,
  parts: Parts,
  order: Order,
  rcuFence: Relation,
  rb: Relation,
): string[] | null {
  const { space, sets, ext, int, poLoc, fencerel } = graph;
  const { accesses: m, marked, plain, writes: w, initial, noReturn } = sets;
  const chain = (...all: readonly Relation[]): Relation => all.reduce((a, b) => space.then(a, b));
  const fence = union(order.fence, rcuFence);
  const strong = union(order.strongFence, rcuFence);
  const xbstar = space.star(union(order.hb, order.pb, rb));
  const vis = space.then(
    space.to(space.then(space.star(order.cumulFence), space.maybe(order.rfe)), marked),
    union(space.then(space.to(strong, marked), xbstar), intersect(xbstar, int)),
  );
  const returning = space.complement(noReturn);
  const orderable = minus(sets.reads, noReturn);
  const rmb = fencerel(F.rmb);
  const wPre = space.from(marked, space.maybe(union(order.addr, fence)));
  const rPre = space.from(
    marked,
    space.maybe(union(order.addr, order.nonrwFence, space.between(orderable, rmb, returning))),
  );
  const wPost = space.then(space.to(space.maybe(fence), marked), order.rmwSequence);
  const rPost = space.to(
    space.maybe(union(order.nonrwFence, space.between(returning, rmb, orderable))),
    marked,
  );
  const wwVis = union(fence, chain(strong, xbstar, wPre), chain(wPost, vis, wPre));
  const wrVis = union(fence, chain(strong, xbstar, rPre), chain(wPost, vis, rPre));
  const rwXbstar = union(fence, chain(rPost, xbstar, wPre));
  const preRace = intersect(ext, union(space.cross(plain, m), space.cross(minus(m, initial), plain)));
  const wrIncoherent = intersect(intersect(preRace, rf), space.inverse(rwXbstar));
  const rwIncoherent = intersect(intersect(preRace, fr), space.inverse(wrVis));
  const wwIncoherent = intersect(intersect(preRace, co), space.inverse(wwVis));
  if (!isEmpty(wrIncoherent) || !isEmpty(rwIncoherent) || !isEmpty(wwIncoherent)) return null;

  const wwSafe = intersect(
    intersect(wwVis, union(space.cross(marked, w), rwXbstar)),
    union(space.cross(w, marked), wrVis),
  );
  const wwRace = minus(intersect(preRace, co), wwSafe);
  const read = space.then(space.maybe(co), rf);
  const wrRace = minus(minus(intersect(preRace, read), wrVis), space.inverse(rwXbstar));
  const rwRace = minus(intersect(preRace, fr), rwXbstar);
  const flags: string[] = [];
  const plainWrites = intersect(plain, w);
  const loose = minus(poLoc, parts.barrier);
  const mixed = union(space.between(plainWrites, loose, marked), space.between(marked, loose, plainWrites));
  if (!isEmpty(mixed)) flags.push('mixed-accesses');
  if (!isEmpty(wwRace) || !isEmpty(wrRace) || !isEmpty(rwRace)) flags.push('data-race');
  return flags;
}
