// SPDX-License-Identifier: GPL-2.0-only
/** Warnings about the test itself: sections that do not nest, sleeping where one must not. */
import type { Candidate } from '../axiomatic/candidates.js';
import type { Graph } from '../axiomatic/graph.js';
import { intersect, isEmpty, minus, union } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';
import type { Parts } from './parts.js';
import type { Version } from './version.js';

/** An SRCU section that is ended with another number than it was begun with: which numbers is known per execution. */
export function hasBadNesting({ graph, traces }: Candidate, { srcuRscs }: Parts): boolean {
  if (isEmpty(srcuRscs)) return false;
  const { events, space } = graph;
  const numberOf = (e: number): number | undefined => {
    const event = events[e];
    return event === undefined ? undefined : traces[event.thread]?.events[event.index]?.value;
  };
  return events.some((_, a) =>
    events.some((__, b) => space.has(srcuRscs, a, b) && numberOf(a) !== numberOf(b)),
  );
}

/** Names as of 6.1; later models call the first two pairs otherwise. */
export function staticFlags(graph: Graph, parts: Parts, version: Version = '6.1'): string[] {
  const { space, sets, po } = graph;
  const flags: string[] = [];
  const flag = (name: string, found: Uint32Array): void => {
    if (!isEmpty(found)) flags.push(name);
  };
  const [lockName, unlockName] =
    version === '6.1'
      ? ['unbalanced-rcu-locking', 'unbalanced-rcu-locking']
      : ['unmatched-rcu-lock', 'unmatched-rcu-unlock'];
  flag(lockName as string, minus(sets.fences(F.rcu_lock), space.domain(parts.rcuRscs)));
  if (flags.length === 0 || version !== '6.1') {
    flag(unlockName as string, minus(sets.fences(F.rcu_unlock), space.range(parts.rcuRscs)));
  }
  const before = flags.length;
  flag('unbalanced-srcu-locking', minus(sets.srcuLock, space.domain(parts.srcuRscs)));
  if (flags.length === before) {
    flag('unbalanced-srcu-locking', minus(sets.srcuUnlock, space.range(parts.srcuRscs)));
  }
  flag('invalid-sleep', intersect(parts.rcuRscs, space.then(space.to(po, sets.srcuSync), po)));
  const { poLoc } = graph;
  const { lockWrites, unlocks } = sets;
  const either = union(lockWrites, unlocks);
  const critical = minus(
    space.between(lockWrites, poLoc, unlocks),
    space.then(space.to(poLoc, either), poLoc),
  );
  flag('unmatched-unlock', minus(unlocks, space.range(critical)));
  return flags;
}
