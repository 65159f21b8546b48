// SPDX-License-Identifier: GPL-2.0-only
/**
 * From plain source to coroutines: coloured functions become generators, calls of them `yield*`, and each operation on
 * shared memory gets its scheduling point as its last argument.
 *
 * fast:     WRITE_ONCE(k, p, f, v, --$S[0] < 0 && $pause() && (yield))
 * observed: WRITE_ONCE(k, $0 = p, $1 = f, v, $at(WRITE, $0 + $1, site) && (yield))   tells what comes and from where
 * token:    as fast, without yield: $pause waits until this thread has its turn
 */
import ts from 'typescript';
import { ACCESS } from '../../../schedule/scheduler.js';
import type { Colouring, Fn } from './colour.js';
import type { PointKind } from './points.js';

export type Tree = 'plain' | 'fast' | 'observed' | 'token';

/** A place in the source at which an operation is made. Its number is its index in the list. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly op: string;
  readonly fn: string;
  readonly text: string;
}

const ACCESS_OF: Readonly<Record<PointKind, number>> = {
  read: ACCESS.read,
  write: ACCESS.write,
  update: ACCESS.update,
  turn: ACCESS.none,
  spin: ACCESS.none,
  block: ACCESS.update,
};

const f = ts.factory;

export function transformer(
  tree: Tree,
  colours: Colouring,
  heapSpecifier: (file: ts.SourceFile) => string,
  siteOf: (call: ts.CallExpression, op: string) => number,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    let used = false;
    /** How deep calls with a point are nested, and how many pairs of temporaries the function needs for that. */
    let depth = 0;
    let deepest = 0;

    const point = (name: string, args: readonly ts.Expression[]): ts.Expression => {
      used = true;
      return f.createCallExpression(f.createIdentifier(name), undefined, args);
    };
    const paused = (ask: ts.Expression): ts.Expression =>
      tree === 'token' ? ask : f.createLogicalAnd(ask, f.createParenthesizedExpression(f.createYieldExpression(undefined, undefined)));
    /** --$S[0] < 0 && $pause() */
    const countdown = (): ts.Expression => {
      const word = f.createElementAccessExpression(f.createIdentifier('$S'), 0);
      return f.createLogicalAnd(f.createLessThan(f.createPrefixDecrement(word), f.createNumericLiteral(0)), point('$pause', []));
    };

    const operation = (call: ts.CallExpression, kind: PointKind, name: string): ts.Expression => {
      const site = f.createNumericLiteral(siteOf(call, name));
      depth++;
      deepest = Math.max(deepest, depth);
      const args = call.arguments.map((a) => ts.visitNode(a, visit) as ts.Expression);
      depth--;
      const callee = call.expression;
      const update = (extra: ts.Expression[]) => f.updateCallExpression(call, callee, undefined, [...args, ...extra]);
      if (kind === 'block') {
        if (tree === 'token') return update([site]);
        return f.createParenthesizedExpression(f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), update([site])));
      }
      if (kind === 'spin') return update([paused(point('$spin', [site]))]);
      if (tree !== 'observed') return update([paused(countdown())]);
      if (kind === 'turn') return update([paused(point('$at', [f.createNumericLiteral(ACCESS.none), f.createNumericLiteral(0), site]))]);
      const [p, field] = [call.arguments[1] as ts.Expression, call.arguments[2] as ts.Expression];
      const name0 = `$${2 * depth}`;
      const name1 = `$${2 * depth + 1}`;
      const base = isSimple(p) ? p : f.createIdentifier(name0);
      const offset = isSimple(field) ? field : f.createIdentifier(name1);
      if (base !== p) args[1] = f.createAssignment(f.createIdentifier(name0), args[1] as ts.Expression);
      if (offset !== field) args[2] = f.createAssignment(f.createIdentifier(name1), args[2] as ts.Expression);
      const addr = f.createAdd(base, offset);
      return update([paused(point('$at', [f.createNumericLiteral(ACCESS_OF[kind]), addr, site]))]);
    };

    const visitBody = (fn: Fn): { body: ts.ConciseBody | undefined; locals: number } => {
      const [outerDepth, outerDeepest] = [depth, deepest];
      depth = 0;
      deepest = 0;
      const body = fn.body === undefined ? undefined : (ts.visitNode(fn.body, visit) as ts.ConciseBody);
      const locals = tree === 'observed' ? 2 * deepest : 0;
      depth = outerDepth;
      deepest = outerDeepest;
      return { body, locals };
    };

    const functionLike = (fn: Fn): ts.Node => {
      if (!colours.isColoured(fn)) {
        const [outerDepth, outerDeepest] = [depth, deepest];
        const out = ts.visitEachChild(fn, visit, context);
        depth = outerDepth;
        deepest = outerDeepest;
        return out;
      }
      const { body, locals } = visitBody(fn);
      const block = withLocals(body, locals);
      const star = tree === 'token' ? undefined : f.createToken(ts.SyntaxKind.AsteriskToken);
      if (ts.isFunctionDeclaration(fn)) {
        return f.updateFunctionDeclaration(fn, fn.modifiers, star, fn.name, fn.typeParameters, fn.parameters, fn.type, block);
      }
      if (ts.isMethodDeclaration(fn)) {
        return f.updateMethodDeclaration(fn, fn.modifiers, star, fn.name, fn.questionToken, fn.typeParameters, fn.parameters, fn.type, block);
      }
      if (ts.isFunctionExpression(fn)) {
        return f.updateFunctionExpression(fn, fn.modifiers, star, fn.name, fn.typeParameters, fn.parameters, fn.type, block);
      }
      if (tree === 'token' && ts.isArrowFunction(fn)) {
        return f.updateArrowFunction(fn, fn.modifiers, fn.typeParameters, fn.parameters, fn.type, fn.equalsGreaterThanToken, block);
      }
      /* An arrow cannot be a generator; it has no `this` of its own, and kernel code uses none. */
      return f.createFunctionExpression(undefined, star, undefined, fn.typeParameters, fn.parameters, undefined, block);
    };

    const visit = (node: ts.Node): ts.Node => {
      if (
        ts.isFunctionDeclaration(node) ||
        ts.isFunctionExpression(node) ||
        ts.isArrowFunction(node) ||
        ts.isMethodDeclaration(node)
      ) {
        return functionLike(node);
      }
      if (!ts.isCallExpression(node)) return ts.visitEachChild(node, visit, context);
      const kind = colours.callKind(node);
      if (kind === 'plain') return ts.visitEachChild(node, visit, context);
      if (kind !== 'coloured') return operation(node, kind.point, kind.name);
      const call = ts.visitEachChild(node, visit, context);
      if (tree === 'token') return call;
      return f.createParenthesizedExpression(f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), call));
    };

    const out = ts.visitEachChild(file, visit, context);
    if (!used) return out;
    const names = ['$S', '$pause', '$spin', '$at'].map((n) => f.createImportSpecifier(false, undefined, f.createIdentifier(n)));
    const clause = f.createImportClause(undefined, undefined, f.createNamedImports(names));
    const from = f.createImportDeclaration(undefined, clause, f.createStringLiteral(heapSpecifier(file)));
    return f.updateSourceFile(out, [from, ...out.statements]);
  };
}

function withLocals(body: ts.ConciseBody | undefined, locals: number): ts.Block {
  if (body === undefined) return f.createBlock([]);
  const statements = ts.isBlock(body) ? [...body.statements] : [f.createReturnStatement(body)];
  if (locals > 0) {
    const names = Array.from({ length: locals }, (_, i) => f.createVariableDeclaration(`$${i}`));
    statements.unshift(f.createVariableStatement(undefined, f.createVariableDeclarationList(names, ts.NodeFlags.Let)));
  }
  const block = f.createBlock(statements, true);
  return ts.isBlock(body) ? ts.setTextRange(block, body) : block;
}

/** Free of effects, and cheap: may stand twice. */
function isSimple(e: ts.Expression): boolean {
  if (ts.isIdentifier(e) || ts.isNumericLiteral(e)) return true;
  if (ts.isPropertyAccessExpression(e)) return isSimple(e.expression);
  return ts.isParenthesizedExpression(e) || ts.isAsExpression(e) ? isSimple(e.expression) : false;
}
