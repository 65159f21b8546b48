// SPDX-License-Identifier: GPL-2.0-only
/** Warnings about the test itself: sections that do not nest, sleeping where one must not. */
import type { Graph } from '../axiomatic/graph.js';
import { intersect, isEmpty, minus } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';
import type { Parts } from './parts.js';

export function staticFlags(graph: Graph, parts: Parts): string[] {
  const { space, sets, po } = graph;
  const flags: string[] = [];
  const flag = (name: string, found: Uint32Array): void => {
    if (!isEmpty(found)) flags.push(name);
  };
  flag('unbalanced-rcu-locking', minus(sets.fences(F.rcu_lock), space.domain(parts.rcuRscs)));
  if (flags.length === 0) {
    flag('unbalanced-rcu-locking', minus(sets.fences(F.rcu_unlock), space.range(parts.rcuRscs)));
  }
  const before = flags.length;
  flag('unbalanced-srcu-locking', minus(sets.srcuLock, space.domain(parts.srcuRscs)));
  if (flags.length === before) {
    flag('unbalanced-srcu-locking', minus(sets.srcuUnlock, space.range(parts.srcuRscs)));
  }
  flag('invalid-sleep', intersect(parts.rcuRscs, space.then(space.to(po, sets.srcuSync), po)));
  return flags;
}
