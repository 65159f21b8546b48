// SPDX-License-Identifier: GPL-2.0-only
/**
 * The relations of the Linux-kernel memory model that do not hang on who reads from whom. Names and definitions are
 * those of linux-kernel.cat of Linux 6.1, and of linux-kernel.bell for what it derives from the text of the test.
 */
import type { Graph } from '../axiomatic/graph.js';
import { intersect, isEmpty, minus, type Relation, sameAs, union } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';

export interface Parts {
  readonly rmb: Relation;
  readonly wmb: Relation;
  /** All of mb but the part through unlock and lock, which goes by coherence. */
  readonly mb: Relation;
  readonly gp: Relation;
  readonly acqPo: Relation;
  readonly poRel: Relation;
  readonly rwdep: Relation;
  readonly dep: Relation;
  /** addr ; [Plain] ; wmb */
  readonly plainWmb: Relation;
  readonly rcuRscs: Relation;
  readonly srcuRscs: Relation;
  readonly hasGracePeriod: boolean;
  readonly hasUnlockFence: boolean;
  /** What ends a compiler's liberty to merge a plain access with a marked one. */
  readonly barrier: Relation;
}

/** Pairs of lock and unlock that nest, innermost first; `same` limits who can be a partner of whom. */
function matched(graph: Graph, locks: Uint32Array, unlocks: Uint32Array, same: Relation | null): Relation {
  const { space, po } = graph;
  const limit = (r: Relation): Relation => (same === null ? r : intersect(r, same));
  let pairs = space.none();
  for (;;) {
    const freeLocks = minus(locks, space.domain(pairs));
    const freeUnlocks = minus(unlocks, space.range(pairs));
    const free = union(freeLocks, freeUnlocks);
    const freePo = limit(space.between(free, po, free));
    const lockToUnlock = limit(space.between(freeLocks, po, freeUnlocks));
    const next = union(pairs, minus(lockToUnlock, space.then(freePo, freePo)));
    if (sameAs(next, pairs)) return pairs;
    pairs = next;
  }
}

export function partsOf(graph: Graph): Parts {
  const { space, sets, po, addr, data, ctrl, loc, fencerel } = graph;
  const { accesses: m, writes, reads, modify, noReturn, plain, acquire, release } = sets;
  const poMaybe = space.maybe(po);
  const orderable = minus(reads, noReturn);
  const wmb = space.between(writes, fencerel(F.wmb), writes);
  const dep = union(addr, data);
  const syncs = union(sets.fences(F.rcu_sync), sets.srcuSync);
  const throughUnlock = space.between(
    m,
    space.then(space.to(poMaybe, sets.srcuUnlock), fencerel(F.after_srcu_unlock)),
    m,
  );
  const mb = union(
    space.between(m, fencerel(F.mb), m),
    space.between(m, space.then(space.to(fencerel(F.before_atomic), modify), poMaybe), m),
    space.between(m, space.then(space.to(poMaybe, modify), fencerel(F.after_atomic)), m),
    space.between(m, space.then(space.to(poMaybe, sets.lockWrites), fencerel(F.after_spinlock)), m),
    throughUnlock,
  );
  const marks = union(
    sets.fences(
      F.compiler, F.rmb, F.wmb, F.mb, F.rcu_sync, F.before_atomic, F.after_atomic, F.rcu_lock, F.rcu_unlock,
    ), // biome-ignore format: a row
    sets.srcuSync, sets.srcuLock, sets.srcuUnlock, acquire, release,
  ); // biome-ignore format: a row
  return {
    rmb: space.between(orderable, fencerel(F.rmb), orderable),
    wmb,
    mb,
    gp: space.then(space.to(po, syncs), poMaybe),
    acqPo: space.between(acquire, po, m),
    poRel: space.between(m, po, release),
    dep,
    rwdep: space.to(union(dep, ctrl), writes),
    plainWmb: space.then(space.to(addr, plain), wmb),
    rcuRscs: matched(graph, sets.fences(F.rcu_lock), sets.fences(F.rcu_unlock), null),
    srcuRscs: matched(graph, sets.srcuLock, sets.srcuUnlock, loc),
    hasGracePeriod: !isEmpty(syncs),
    hasUnlockFence: !isEmpty(sets.fences(F.after_unlock_lock)),
    barrier: union(space.then(space.to(po, marks), po), space.to(po, release), space.from(acquire, po)),
  };
}
