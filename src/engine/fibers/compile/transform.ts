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
import { SimulatorBug } from '../../../util/fault.js';
import type { Colouring } from './colour.js';
import { finished, type QuickKit, quickVersion } from './emit_quick.js';
import type { Inlinable, Inliner } from './inline.js';
import { andYield, asCoroutine, declared, Imports, isSimple, pass, withLocals } from './nodes.js';
import type { Fn } from './places.js';
import { ACCESS_OF, ARGUMENTS, type PointKind, rmwOf } from './points.js';
import type { Quickness } from './quick.js';
import type { Tree } from './site.js';

export type { Site, Tree } from './site.js';

const f = ts.factory;

export function transformer(
  tree: Tree,
  colours: Colouring,
  inliner: Inliner,
  /** Null: without quick versions. */
  quickness: Quickness | null,
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
    const imports = new Imports((target) => specifier(file, target));
    let temporaries: string[] = [];
    /** How deep calls with a point are nested, and the deepest of the function: each level has its own temporaries. */
    let depth = 0;
    let deepest = 0;
    /** In a quick version, and how many points it passes. */
    let isQuick = false;
    let passed = 0;
    /** A call that is done elsewhere, and its value. */
    let replaced: ts.CallExpression | null = null;
    let replacement: ts.Expression | undefined;

    const point = (name: string, args: readonly ts.Expression[]): ts.Expression => {
      used = true;
      return f.createCallExpression(f.createIdentifier(name), undefined, args);
    };
    const paused = (ask: ts.Expression): ts.Expression => (tree === 'token' ? ask : andYield(ask));
    /** --$S[0] < 0 && $pause() */
    const countdown = (site: ts.Expression): ts.Expression =>
      f.createLogicalAnd(
        f.createLessThan(pass(), f.createNumericLiteral(0)),
        point('$pause', tree === 'token' ? [site] : []),
      );

    const operation = (call: ts.CallExpression, kind: PointKind, name: string): ts.Expression => {
      const site = f.createNumericLiteral(siteOf(call, name, chain));
      depth++;
      deepest = Math.max(deepest, depth);
      const args = call.arguments.map((a) => ts.visitNode(a, visit) as ts.Expression);
      depth--;
      const callee = ts.visitNode(call.expression, visit) as ts.Expression;
      const update = (extra: ts.Expression[]) =>
        copied(f.updateCallExpression(call, callee, undefined, [...args, ...extra]));
      if (isQuick) {
        used = true;
        passed++;
        return update([pass()]);
      }
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
          paused(point('$at', [f.createNumericLiteral(ACCESS_OF.turn), f.createNumericLiteral(0), site])),
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
      for (const [name, from] of what.free) map.set(name, imports.named(from.file, from.name));
      const outer = names;
      names = map;
      chain.push(call);
      const body = ts.visitNode(what.expression, visit) as ts.Expression;
      chain.pop();
      names = outer;
      const whole = before.reduceRight<ts.Expression>((rest, e) => f.createComma(e, rest), body);
      return f.createParenthesizedExpression(whole);
    };

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

    /** Name of the quick version, imported if it is another file's. */
    const quickName = (decl: ts.FunctionDeclaration): ts.Identifier => {
      const name = `${(decl.name as ts.Identifier).text}$q`;
      const from = decl.getSourceFile();
      return from === file ? f.createIdentifier(name) : imports.named(from.fileName, name);
    };

    const quickCall = (call: ts.CallExpression, decl: ts.FunctionDeclaration): ts.CallExpression => {
      const args = call.arguments.map((a) => ts.visitNode(a, visit) as ts.Expression);
      return f.createCallExpression(quickName(decl), undefined, args);
    };

    const counted = <T extends ts.Node>(make: () => T): { node: T; points: number } => {
      isQuick = true;
      passed = 0;
      const node = make();
      isQuick = false;
      return { node, points: passed };
    };

    const kit = (of: Quickness, locals: string[]): QuickKit => ({
      quickness: of,
      quick: (node, call, by) =>
        counted(() => {
          replaced = call ?? null;
          replacement = by;
          temporaries = locals;
          const out = ts.visitNode(node, visit) as typeof node;
          replaced = null;
          return out;
        }),
      quickCall: (call) =>
        counted(() => {
          temporaries = locals;
          return quickCall(call, of.of(call) as ts.FunctionDeclaration);
        }),
      coroutine: (statements, call, by) => {
        temporaries = [];
        replaced = call;
        replacement = by;
        const out = statements.map((s) => ts.visitNode(s, visit) as ts.Statement);
        replaced = null;
        return [...declared(temporaries), ...out];
      },
    });

    const quickFunctions = (decl: ts.FunctionDeclaration, of: Quickness): ts.FunctionDeclaration[] => {
      const outer = temporaries;
      const locals: string[] = [];
      const [quick, ...rest] = quickVersion(decl, kit(of, locals)) as [
        ts.FunctionDeclaration,
        ...ts.FunctionDeclaration[],
      ];
      temporaries = outer;
      used = true;
      const { modifiers, name, parameters, body } = quick;
      const block = withLocals(body, locals);
      return [
        f.updateFunctionDeclaration(
          quick,
          modifiers,
          undefined,
          name,
          undefined,
          parameters,
          undefined,
          block,
        ),
        ...rest,
      ];
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
      return asCoroutine(fn, withLocals(body, locals), tree !== 'token');
    };

    const top = (node: ts.Node): ts.VisitResult<ts.Node> => {
      const out = visit(node);
      if (quickness === null || !ts.isFunctionDeclaration(node) || !quickness.has(node)) return out;
      return [out, ...quickFunctions(node, quickness)];
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
      if (node === replaced) return replacement as ts.Expression;
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
      const quick = quickness?.of(node) ?? null;
      if (quick !== null) {
        if (!temporaries.includes('$r')) temporaries.push('$r');
        return finished(
          f.createParenthesizedExpression(
            f.createAssignment(f.createIdentifier('$r'), quickCall(node, quick)),
          ),
          '$r',
        );
      }
      if (isQuick) throw new SimulatorBug(`${node.getText()} needs a coroutine in a quick version`);
      const call = copied(ts.visitEachChild(node, visit, context));
      if (tree === 'token') return call;
      return f.createParenthesizedExpression(
        f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), call),
      );
    };

    const out = ts.visitEachChild(file, top, context);
    if (!used && imports.list.size === 0) return out;
    const heap = specifier(file, 'src/mem/heap.ts');
    /* $rmw is called in the observed tree only. */
    const marks = ['$S', '$pause', '$spin', '$at', ...(tree === 'observed' ? ['$rmw'] : [])];
    return f.updateSourceFile(out, [...imports.statements(marks, heap), ...out.statements]);
  };
}
