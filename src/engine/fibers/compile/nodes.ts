// SPDX-License-Identifier: GPL-2.0-only
/** Small pieces of syntax that the compile step makes. */
import ts from 'typescript';
import type { Fn } from './places.js';

const f = ts.factory;

function importOf(name: string, alias: string, from: string): ts.ImportDeclaration {
  const named = f.createImportSpecifier(false, f.createIdentifier(name), f.createIdentifier(alias));
  const clause = f.createImportClause(undefined, undefined, f.createNamedImports([named]));
  return f.createImportDeclaration(undefined, clause, f.createStringLiteral(from));
}

export function declared(locals: readonly string[]): ts.Statement[] {
  if (locals.length === 0) return [];
  const names = locals.map((name) => f.createVariableDeclaration(name));
  return [f.createVariableStatement(undefined, f.createVariableDeclarationList(names, ts.NodeFlags.Let))];
}

export function withLocals(body: ts.ConciseBody | undefined, locals: readonly string[]): ts.Block {
  if (body === undefined) return f.createBlock([]);
  const statements = ts.isBlock(body) ? [...body.statements] : [f.createReturnStatement(body)];
  const block = f.createBlock([...declared(locals), ...statements], true);
  return ts.isBlock(body) ? ts.setTextRange(block, body) : block;
}

/** Free of effects, and cheap: may stand twice. */
export function isSimple(e: ts.Expression): boolean {
  if (ts.isIdentifier(e) || ts.isNumericLiteral(e)) return true;
  if (ts.isPropertyAccessExpression(e)) return isSimple(e.expression);
  return ts.isParenthesizedExpression(e) || ts.isAsExpression(e) ? isSimple(e.expression) : false;
}

export function literal(n: number): ts.Expression {
  if (n >= 0) return f.createNumericLiteral(n);
  return f.createParenthesizedExpression(f.createPrefixMinus(f.createNumericLiteral(-n)));
}

/** --$S[0] */
export function pass(): ts.Expression {
  return f.createPrefixDecrement(f.createElementAccessExpression(f.createIdentifier('$S'), 0));
}

/** ask && (yield) */
export function andYield(ask: ts.Expression): ts.Expression {
  return f.createLogicalAnd(
    ask,
    f.createParenthesizedExpression(f.createYieldExpression(undefined, undefined)),
  );
}

/** A node of another file's expression, with what its names stand for here; null: its children are to be visited. */
export function copyOf(
  node: ts.Node,
  names: ReadonlyMap<string, ts.Expression>,
  visit: (node: ts.Node) => ts.Node,
): ts.Node | null {
  if (ts.isIdentifier(node)) return names.get(node.text) ?? f.createIdentifier(node.text);
  if (ts.isPropertyAccessExpression(node)) {
    const object = ts.visitNode(node.expression, visit) as ts.Expression;
    return f.createPropertyAccessExpression(object, node.name.text);
  }
  if (ts.isNumericLiteral(node)) return f.createNumericLiteral(node.text);
  if (ts.isStringLiteral(node)) return f.createStringLiteral(node.text);
  return ts.isAsExpression(node) || ts.isNonNullExpression(node) ? visit(node.expression) : null;
}

/** `fn` with another body, as a generator or as what it is. */
export function asCoroutine(fn: Fn, block: ts.Block, generator: boolean): ts.Node {
  const star = generator ? f.createToken(ts.SyntaxKind.AsteriskToken) : undefined;
  const { typeParameters, parameters, type } = fn;
  if (ts.isFunctionDeclaration(fn))
    return f.updateFunctionDeclaration(
      fn,
      fn.modifiers,
      star,
      fn.name,
      typeParameters,
      parameters,
      type,
      block,
    );
  if (ts.isMethodDeclaration(fn)) {
    const { modifiers, name, questionToken } = fn;
    return f.updateMethodDeclaration(
      fn,
      modifiers,
      star,
      name,
      questionToken,
      typeParameters,
      parameters,
      type,
      block,
    );
  }
  if (ts.isFunctionExpression(fn))
    return f.updateFunctionExpression(
      fn,
      fn.modifiers,
      star,
      fn.name,
      typeParameters,
      parameters,
      type,
      block,
    );
  if (!generator && ts.isArrowFunction(fn)) {
    const { modifiers, equalsGreaterThanToken } = fn;
    return f.updateArrowFunction(
      fn,
      modifiers,
      typeParameters,
      parameters,
      type,
      equalsGreaterThanToken,
      block,
    );
  }
  /* An arrow cannot be a generator; it has no `this` of its own, and kernel code uses none. */
  return f.createFunctionExpression(undefined, star, undefined, typeParameters, parameters, undefined, block);
}

/** Names that a file has to import because of what was copied into it. */
export class Imports {
  readonly list = new Map<string, { alias: string; name: string; from: string }>();

  constructor(private readonly specifier: (target: string) => string) {}

  /** What `name` of `file` is called here. */
  named(file: string, name: string): ts.Identifier {
    const key = `${file} ${name}`;
    let known = this.list.get(key);
    if (known === undefined) {
      known = { alias: `$${this.list.size}_${name}`, name, from: this.specifier(file) };
      this.list.set(key, known);
    }
    return f.createIdentifier(known.alias);
  }

  /** All of them, after the names `marks` of the module `from`. */
  statements(marks: readonly string[], from: string): ts.ImportDeclaration[] {
    const own = marks.map((name) => importOf(name, name, from));
    return [...own, ...[...this.list.values()].map((i) => importOf(i.name, i.alias, i.from))];
  }
}
