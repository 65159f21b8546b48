// SPDX-License-Identifier: GPL-2.0-only
/**
 * Colouring: a function is coloured when it can reach an operation at which actors may change. Only such functions
 * become coroutines; all others stay as fast as they are.
 *
 * Calls of a named function are edges of the call graph. Slots that flow into each other are one (union-find), and all
 * functions of a slot have one colour, since a call through it cannot tell them apart.
 */
import type ts from 'typescript';
import type { CallFact, FileFacts } from './facts.js';
import type { Fn } from './places.js';
import { type PointKind, points } from './points.js';
import type { Slot, SlotNames } from './shape.js';

/** What a call is, once colours are known. */
export type CallKind =
  | { readonly point: PointKind; readonly name: string }
  /** A call of a coroutine. */
  | 'coloured'
  /** An access that is no scheduling point. */
  | 'access'
  | 'plain';

/** Slots that are one. */
interface Node {
  parent: Node | null;
  coloured: boolean;
  /** Callers that take the colour of this one. */
  readonly callers: Set<Node>;
}

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export class Colouring {
  readonly problems: Problem[] = [];
  private readonly nodes = new Map<Slot, Node>();
  private readonly calls = new Map<string, Map<number, CallFact>>();

  constructor(
    private readonly facts: ReadonlyMap<string, FileFacts>,
    private readonly names: SlotNames,
    private readonly pathOf: (file: ts.SourceFile) => string,
  ) {
    for (const [path, file] of facts) {
      for (const [a, b] of file.unions) union(this.node(a), this.node(b));
      for (const slot of file.coloured) this.node(slot).coloured = true;
      this.calls.set(path, new Map(file.calls.map((c) => [c.end, c])));
    }
    for (const file of facts.values()) {
      for (const [callee, caller] of file.edges) find(this.node(callee)).callers.add(this.node(caller));
    }
    this.spread();
    for (const [file, { suspects }] of facts) {
      for (const { slot, line, column, text } of suspects) {
        if (slot === null || this.has(slot)) this.problems.push({ file, line, column, text });
      }
    }
  }

  private has(slot: Slot): boolean {
    const node = this.nodes.get(slot);
    return node !== undefined && find(node).coloured;
  }

  isColoured(fn: Fn): boolean {
    return this.has(this.names.of(fn));
  }

  callKind(call: ts.CallExpression): CallKind {
    const fact = this.calls.get(this.pathOf(call.getSourceFile()))?.get(call.end);
    return fact === undefined ? 'plain' : this.kindOf(fact);
  }

  private kindOf({ op, slot }: CallFact): CallKind {
    if (op === null) return slot !== null && this.has(slot) ? 'coloured' : 'plain';
    const point = points[op];
    return point === undefined ? 'access' : { point, name: op };
  }

  /** All that colours decide of a file, in a word: while it stays, so does what the file is compiled to. */
  summary(path: string): string {
    const file = this.facts.get(path);
    if (file === undefined) return '';
    const bit = (slot: Slot | null) => (slot !== null && this.has(slot) ? '1' : '0');
    return `${file.functions.map(bit).join('')} ${file.calls.map((c) => bit(c.slot)).join('')}`;
  }

  private node(slot: Slot): Node {
    let n = this.nodes.get(slot);
    if (n === undefined) {
      n = { parent: null, coloured: false, callers: new Set() };
      this.nodes.set(slot, n);
    }
    return n;
  }

  /** To the fixpoint: callers of a coloured function are coloured. */
  private spread(): void {
    const all = [...this.nodes.values()];
    for (const n of all) if (n.coloured) find(n).coloured = true;
    const work = all.map(find).filter((n) => n.coloured);
    for (let n = work.pop(); n !== undefined; n = work.pop()) {
      for (const c of n.callers) {
        const caller = find(c);
        if (caller.coloured) continue;
        caller.coloured = true;
        work.push(caller);
      }
    }
  }
}

function find(n: Node): Node {
  let root = n;
  while (root.parent !== null) root = root.parent;
  return root;
}

function union(a: Node, b: Node): void {
  const x = find(a);
  const y = find(b);
  if (x === y) return;
  y.parent = x;
  x.coloured ||= y.coloured;
  for (const c of y.callers) x.callers.add(c);
}
