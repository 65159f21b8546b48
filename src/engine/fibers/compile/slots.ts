// SPDX-License-Identifier: GPL-2.0-only
/** Sets of functions that a call cannot tell apart (union-find). */

/** A function, or a slot: whatever can be called and has a colour. */
export interface Node {
  parent: Node | null;
  coloured: boolean;
  /** Callers that take the colour of this one. */
  readonly callers: Set<Node>;
}

export function find(n: Node): Node {
  let root = n;
  while (root.parent !== null) root = root.parent;
  return root;
}

export function union(a: Node, b: Node): void {
  const x = find(a);
  const y = find(b);
  if (x === y) return;
  y.parent = x;
  x.coloured ||= y.coloured;
  for (const c of y.callers) x.callers.add(c);
}
