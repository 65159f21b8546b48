// SPDX-License-Identifier: GPL-2.0-only
/**
 * From plain source to coroutines: coloured functions become generators, calls of them `yield*`, and each operation on
 * shared memory gets its scheduling point as its last argument.
 *
 * fast:     WRITE_ONCE(k, p, f, v, --$S[0] < 0 && $pause() && (yield))
 * observed: WRITE_ONCE(k, $0 = p, $1 = f, v, $at(WRITE, $0 + $1, site) && (yield))   tells what comes and from where
 * token:    as fast, without yield: $pause(site) waits until this thread has its turn
 */
import ts from 'typescript';
import { ACCESS } from '../../../schedule/scheduler.js';
import type { Colouring } from './colour.js';
import type { Inlinable, Inliner } from './inline.js';
import { importOf, isSimple, withLocals } from './nodes.js';
import type { Fn } from './places.js';
import { type PointKind, rmwOf } from './points.js';

export type Tree = 'plain' | 'fast' | 'observed' | 'token';

/** A place in the source at which an operation is made. Its number is its index in the list. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly op: string;
  /** The function it stands in, and the small functions of which it was inlined there. */
  readonly fn: string;
  readonly via: readonly string[];
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

/** Arguments of an operation that its scheduling point may be told of: address, field, two values. */
const ARGUMENTS = 4;

export function transformer(
  tree: Tree,
  colours: Colouring,
  inliner: Inliner,
  /** How `file` imports a module. */
  specifier: (file: ts.SourceFile, target: string) => string,
  /** Number of an operation; `chain` are the calls through which it was inlined, outermost first. */
  siteOf: (call: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]) => number,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    let used = false;
    /** The calls that are being inlined, outermost first; and what the innermost one's names stand for. */
    const chain: ts.CallExpression[] = [];
    let names: ReadonlyMap<string, ts.Expression> | null = null;
    const imports = new Map<string, { alias: string; name: string; from: string }>();
    let temporaries: string[] = [];
    /** How deep calls with a point are nested, and the deepest of the function: each level has its own temporaries. */
    let depth = 0;
    let deepest = 0;

    const point = (name: string, args: readonly ts.Expression[]): ts.Expression => {
      used = true;
      return f.createCallExpression(f.createIdentifier(name), undefined, args);
    };
    const paused = (ask: ts.Expression): ts.Expression =>
      tree === 'token'
        ? ask
        : f.createLogicalAnd(
            ask,
            f.createParenthesizedExpression(f.createYieldExpression(undefined, undefined)),
          );
    /** --$S[0] < 0 && $pause() */
    const countdown = (site: ts.Expression): ts.Expression => {
      const word = f.createElementAccessExpression(f.createIdentifier('$S'), 0);
      return f.createLogicalAnd(
        f.createLessThan(f.createPrefixDecrement(word), f.createNumericLiteral(0)),
        point('$pause', tree === 'token' ? [site] : []),
      );
    };

    const operation = (call: ts.CallExpression, kind: PointKind, name: string): ts.Expression => {
      const site = f.createNumericLiteral(siteOf(call, name, chain));
      depth++;
      deepest = Math.max(deepest, depth);
      const args = call.arguments.map((a) => ts.visitNode(a, visit) as ts.Expression);
      depth--;
      const callee = ts.visitNode(call.expression, visit) as ts.Expression;
      const update = (extra: ts.Expression[]) =>
        copied(f.updateCallExpression(call, callee, undefined, [...args, ...extra]));
      if (kind === 'block') {
        if (tree === 'token') return update([site]);
        return f.createParenthesizedExpression(
          f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), update([site])),
        );
      }
      if (kind === 'spin') return update([paused(point('$spin', [site]))]);
      if (tree !== 'observed') return update([paused(countdown(site))]);
      if (kind === 'turn')
        return update([
          paused(point('$at', [f.createNumericLiteral(ACCESS.none), f.createNumericLiteral(0), site])),
        ]);
      /* What the scheduling point is told of an argument: the argument, or the temporary that keeps it. */
      const kept = (i: number): ts.Expression => {
        const arg = args[i] as ts.Expression;
        if (isSimple(arg)) return arg;
        const temporary = `$${ARGUMENTS * depth + i - 1}`;
        args[i] = f.createAssignment(f.createIdentifier(temporary), arg);
        return f.createIdentifier(temporary);
      };
      const base = kept(1);
      const addr = f.createAdd(base, kept(2));
      const rmw = kind === 'update' ? rmwOf(name) : null;
      if (rmw === null)
        return update([paused(point('$at', [f.createNumericLiteral(ACCESS_OF[kind]), addr, site]))]);
      const values = [kept(3), args.length > 4 ? kept(4) : f.createNumericLiteral(0)];
      return update([paused(point('$rmw', [f.createNumericLiteral(rmw), addr, site, ...values]))]);
    };

    /** A node that was copied out of another file: without its place, which would be taken for one in this file. */
    const copied = <T extends ts.Node>(node: T): T =>
      names === null ? node : ts.setTextRange(node, { pos: -1, end: -1 });

    const imported = (file: string, name: string): ts.Identifier => {
      const key = `${file} ${name}`;
      let known = imports.get(key);
      if (known === undefined) {
        known = { alias: `$${imports.size}_${name}`, name, from: specifier(context_file, file) };
        imports.set(key, known);
      }
      return f.createIdentifier(known.alias);
    };

    const inline = (call: ts.CallExpression, what: Inlinable): ts.Expression => {
      const map = new Map<string, ts.Expression>();
      const before: ts.Expression[] = [];
      what.parameters.forEach((name, i) => {
        const arg = ts.visitNode(call.arguments[i], visit) as ts.Expression;
        if (isSimple(arg)) {
          map.set(name, arg);
          return;
        }
        const temporary = `$a${temporaries.length}`;
        temporaries.push(temporary);
        before.push(f.createAssignment(f.createIdentifier(temporary), arg));
        map.set(name, f.createIdentifier(temporary));
      });
      for (const [name, from] of what.free) map.set(name, imported(from.file, from.name));
      const outer = names;
      names = map;
      chain.push(call);
      const body = ts.visitNode(what.expression, visit) as ts.Expression;
      chain.pop();
      names = outer;
      const whole = before.reduceRight<ts.Expression>((rest, e) => f.createComma(e, rest), body);
      return f.createParenthesizedExpression(whole);
    };

    const context_file = file;

    const visitBody = (fn: Fn): { body: ts.ConciseBody | undefined; locals: readonly string[] } => {
      const outerTemporaries = temporaries;
      temporaries = [];
      const [outerDepth, outerDeepest] = [depth, deepest];
      depth = 0;
      deepest = 0;
      const body = fn.body === undefined ? undefined : (ts.visitNode(fn.body, visit) as ts.ConciseBody);
      const kept = tree === 'observed' ? ARGUMENTS * deepest : 0;
      const locals = [...Array.from({ length: kept }, (_, i) => `$${i}`), ...temporaries];
      temporaries = outerTemporaries;
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
        return f.updateFunctionDeclaration(
          fn,
          fn.modifiers,
          star,
          fn.name,
          fn.typeParameters,
          fn.parameters,
          fn.type,
          block,
        );
      }
      if (ts.isMethodDeclaration(fn)) {
        return f.updateMethodDeclaration(
          fn,
          fn.modifiers,
          star,
          fn.name,
          fn.questionToken,
          fn.typeParameters,
          fn.parameters,
          fn.type,
          block,
        );
      }
      if (ts.isFunctionExpression(fn)) {
        return f.updateFunctionExpression(
          fn,
          fn.modifiers,
          star,
          fn.name,
          fn.typeParameters,
          fn.parameters,
          fn.type,
          block,
        );
      }
      if (tree === 'token' && ts.isArrowFunction(fn)) {
        return f.updateArrowFunction(
          fn,
          fn.modifiers,
          fn.typeParameters,
          fn.parameters,
          fn.type,
          fn.equalsGreaterThanToken,
          block,
        );
      }
      /* An arrow cannot be a generator; it has no `this` of its own, and kernel code uses none. */
      return f.createFunctionExpression(
        undefined,
        star,
        undefined,
        fn.typeParameters,
        fn.parameters,
        undefined,
        block,
      );
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
      if (names !== null) {
        if (ts.isIdentifier(node)) return names.get(node.text) ?? f.createIdentifier(node.text);
        if (ts.isPropertyAccessExpression(node))
          return f.createPropertyAccessExpression(
            ts.visitNode(node.expression, visit) as ts.Expression,
            node.name.text,
          );
        if (ts.isNumericLiteral(node)) return f.createNumericLiteral(node.text);
        if (ts.isStringLiteral(node)) return f.createStringLiteral(node.text);
        if (ts.isAsExpression(node) || ts.isNonNullExpression(node)) return visit(node.expression);
      }
      if (!ts.isCallExpression(node)) return copied(ts.visitEachChild(node, visit, context));
      const kind = colours.callKind(node);
      if (kind === 'access' && tree === 'observed') {
        const call = ts.visitEachChild(node, visit, context);
        const site = f.createNumericLiteral(siteOf(node, node.expression.getText(), chain));
        return copied(f.updateCallExpression(call, call.expression, undefined, [...call.arguments, site]));
      }
      if (kind === 'plain' || kind === 'access') return copied(ts.visitEachChild(node, visit, context));
      if (kind !== 'coloured') return operation(node, kind.point, kind.name);
      const small = chain.some((c) => c === node) ? null : inliner.of(node);
      if (small !== null && chain.length < 8) return inline(node, small);
      const call = copied(ts.visitEachChild(node, visit, context));
      if (tree === 'token') return call;
      return f.createParenthesizedExpression(
        f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), call),
      );
    };

    const out = ts.visitEachChild(file, visit, context);
    if (!used) return out;
    const heap = specifier(file, 'src/mem/heap.ts');
    const own = ['$S', '$pause', '$spin', '$at', '$rmw'].map((name) => importOf(name, name, heap));
    const others = [...imports.values()].map((i) => importOf(i.name, i.alias, i.from));
    return f.updateSourceFile(out, [...own, ...others, ...out.statements]);
  };
}
