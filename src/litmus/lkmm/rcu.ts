// SPDX-License-Identifier: GPL-2.0-only
/**
 * Grace periods and read-side critical sections: rcu-fence of linux-kernel.cat. A chain that passes at least as many
 * grace periods as sections orders like a strong fence. Sections of SRCU count for the grace periods of their own domain.
 */
import type { Graph } from '../axiomatic/graph.js';
import { intersect, type Relation, sameAs, union } from '../axiomatic/relation.js';
import { LITMUS_FENCE as F } from '../program.js';
import type { Parts } from './parts.js';

/** `after`: hb* ; pb* */
export function rcuFenceOf(graph: Graph, parts: Parts, prop: Relation, after: Relation): Relation {
  const { space, sets, po, loc } = graph;
  const poMaybe = space.maybe(po);
  const gp = space.identity(sets.fences(F.rcu_sync));
  const srcuGp = space.identity(sets.srcuSync);
  const section = space.inverse(parts.rcuRscs);
  const srcuSection = space.inverse(parts.srcuRscs);
  const chain = (...all: readonly Relation[]): Relation => all.reduce((a, b) => space.then(a, b));
  const link = chain(poMaybe, after, prop, po);
  /** A grace period and a section with `middle` between them, in either order. */
  const around = (middle: Relation): Relation =>
    union(
      chain(gp, middle, section),
      intersect(chain(srcuGp, middle, srcuSection), loc),
      chain(section, middle, gp),
      intersect(chain(srcuSection, middle, srcuGp), loc),
    );
  const start = union(gp, srcuGp, around(link));
  let order = start;
  for (;;) {
    const linked = chain(link, order, link);
    const next = union(start, around(linked), chain(order, link, order), order);
    if (sameAs(next, order)) return chain(po, order, poMaybe);
    order = next;
  }
}
