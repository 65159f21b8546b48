// SPDX-License-Identifier: GPL-2.0-only
/** The model changes from one kernel to the next; these two are known. */
import type { Candidate } from '../axiomatic/candidates.js';
import { intersect, type Relation, union } from '../axiomatic/relation.js';
import type { Parts } from './parts.js';

export type Version = '6.1' | '6.12';

export interface Dependencies {
  readonly addr: Relation;
  readonly dep: Relation;
  readonly rwdep: Relation;
  /** addr ; [Plain] ; wmb */
  readonly plainWmb: Relation;
  /** Read-modify-writes that continue what a write began; the identity alone in 6.1. */
  readonly rmwSequence: Relation;
}

/**
 * Since 6.3 a dependency goes on through a store and the load of the same thread that reads from it, and a chain of
 * read-modify-writes hands on the order of the write that it begins with.
 */
export function dependenciesOf({ graph, rf }: Candidate, parts: Parts, version: Version): Dependencies {
  const { space, sets, addr, data, ctrl, int, rmw } = graph;
  if (version === '6.1') {
    const { dep, rwdep, plainWmb } = parts;
    return { addr, dep, rwdep, plainWmb, rmwSequence: space.identity(space.complement(space.emptySet())) };
  }
  const carry = space.star(space.then(data, intersect(rf, int)));
  const [carriedAddr, carriedData] = [space.then(carry, addr), space.then(carry, data)];
  const dep = union(carriedAddr, carriedData);
  return {
    addr: carriedAddr,
    dep,
    rwdep: space.to(union(dep, space.then(carry, ctrl)), sets.writes),
    plainWmb: space.then(space.to(carriedAddr, sets.plain), parts.wmb),
    rmwSequence: space.star(space.then(rf, rmw)),
  };
}
