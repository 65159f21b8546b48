// SPDX-License-Identifier: GPL-2.0-only
/** The barrier registry against the code: every row stands in the code, every barrier of the code is a row, pairs agree. */
import ts from 'typescript';
import {
  commentsOf,
  declaredFunctions,
  finding,
  functionAround,
  memberOf,
  type Source,
  walk,
} from './source.js';

/** What the check needs of a row of src/mem/barriers.ts. */
export interface BarrierRow {
  readonly id: string;
  readonly where: string;
  readonly kind: string;
  readonly pairs: readonly string[];
}

/** Barrier calls and the kinds that their rows may have. A grace period begins and ends with full barriers. */
const calls: Readonly<Record<string, readonly string[]>> = {
  smp_mb: ['mb', 'grace period'],
  smp_rmb: ['rmb'],
  smp_wmb: ['wmb'],
  smp_mb__before_atomic: ['mb'],
  smp_mb__after_atomic: ['mb'],
};

const REGISTRY = 'src/mem/barriers.ts';

/** Functions that a `where` names: `a_b, slow path (c_d)` names a_b, `halt (idle loop), a_b of c_d` all three. */
export function functionsNamed(where: string): string[] {
  const parts = where.replace(/\([^)]*\)/g, '').split(',');
  return parts.flatMap((part) => {
    const words = part.trim().split(/\s+/);
    return words.length === 1
      ? words.filter((word) => word !== '')
      : words.filter((word) => word.includes('_'));
  });
}

export function pairFindings(rows: readonly BarrierRow[]): string[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found: string[] = [];
  for (const row of rows) {
    const say = (what: string) => found.push(`${REGISTRY}: ${row.id}: ${what}`);
    if (row.pairs.length === 0) say('has no partner');
    for (const pair of row.pairs) {
      /* An implied partner that is no row of its own is named in words. */
      if (!/^[A-Z][A-Z0-9_]*$/.test(pair)) continue;
      const partner = byId.get(pair);
      if (partner === undefined) say(`pairs with ${pair}, which is no row`);
      else if (!partner.pairs.includes(row.id)) say(`pairs with ${pair}, which does not name it back`);
    }
  }
  return found;
}

interface BarrierCall {
  readonly source: Source;
  readonly node: ts.CallExpression;
  readonly name: string;
  readonly id: string | null;
}

/** Ids that a file has made its own: `const { ID, ... } = B;` at its top. */
function ownIds(source: Source): Set<string> {
  const found = new Set<string>();
  for (const statement of source.ast.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer?.getText() !== 'B' || !ts.isObjectBindingPattern(name)) continue;
      for (const e of name.elements) if (e.propertyName === undefined) found.add(e.name.getText());
    }
  }
  return found;
}

export function barrierCalls(sources: readonly Source[]): BarrierCall[] {
  const found: BarrierCall[] = [];
  for (const source of sources) {
    const own = ownIds(source);
    walk(source.ast, (node) => {
      if (!ts.isCallExpression(node) || !(node.expression.getText() in calls)) return;
      const arg = node.arguments[1];
      const id = arg === undefined ? null : own.has(arg.getText()) ? arg.getText() : memberOf(arg, 'B');
      found.push({ source, node, name: node.expression.getText(), id });
    });
  }
  return found;
}

/** A comment directly above the call, or one in the same function that names the id. */
function isCommented(call: BarrierCall): boolean {
  let at: ts.Node = call.node;
  while (!ts.isStatement(at)) at = at.parent;
  if (/\/\*|\/\//.test(call.source.text.slice(at.pos, at.getStart(call.source.ast)))) return true;
  while (!ts.isFunctionDeclaration(at) && !ts.isSourceFile(at)) at = at.parent;
  return new RegExp(`\\b${call.id}\\b`).test(commentsOf(call.source, at));
}

/** Every call passes the id of a row, of the right kind, in a function that the row names, under a comment. */
export function callFindings(rows: readonly BarrierRow[], sources: readonly Source[]): string[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found: string[] = [];
  for (const call of barrierCalls(sources)) {
    const say = (what: string) => found.push(finding(call.source, call.node, `${call.name}: ${what}`));
    const row = call.id === null ? undefined : byId.get(call.id);
    if (row === undefined) {
      say('must be passed the id of a row of the registry, B.ID');
      continue;
    }
    if (!calls[call.name]?.includes(row.kind)) say(`${row.id} is a ${row.kind} in the registry`);
    const inside = functionAround(call.node);
    if (!functionsNamed(row.where).includes(inside ?? '')) {
      say(`${row.id} stands in ${inside ?? 'no function'}; the registry says ${row.where}`);
    }
    if (!isCommented(call))
      say(`${row.id} has no comment: what before what, its pair, what happens without it`);
  }
  return found;
}

/** Every row names functions that exist, and its id stands in each of their files: in a call, or in a comment. */
export function rowFindings(rows: readonly BarrierRow[], sources: readonly Source[]): string[] {
  const declaredIn = new Map<string, Source>();
  for (const source of sources) for (const name of declaredFunctions(source)) declaredIn.set(name, source);
  const called = barrierCalls(sources);
  const found: string[] = [];
  for (const row of rows) {
    const say = (what: string) => found.push(`${REGISTRY}: ${row.id}: ${what}`);
    const names = functionsNamed(row.where);
    if (names.length === 0) say(`"${row.where}" names no function`);
    for (const name of names) {
      const source = declaredIn.get(name);
      if (source === undefined) {
        say(`stands in ${name}, which no file declares`);
        continue;
      }
      const isCalled = called.some((call) => call.id === row.id && call.source === source);
      const isNamed = new RegExp(`\\b${row.id}\\b`).test(commentsOf(source));
      if (!isCalled && !isNamed)
        say(`${source.path}, where ${name} stands, has neither call nor comment of it`);
    }
  }
  return found;
}
