// SPDX-License-Identifier: GPL-2.0-only
/**
 * From plain source to coroutines: coloured functions become generators, calls of them `yield*`, and each operation on
 * shared memory gets its scheduling point as its last argument.
 *
 * fast:     WRITE_ONCE(k, p, f, v, --$S[0] < 0 && $pause() && (yield)); reads as direct.ts says
 * observed: WRITE_ONCE(k, $0 = p, $1 = f, v, $at(WRITE, $0 + $1, site) && (yield))   tells what comes and from where
 * modelled: as fast, with a call for each access, and $lock and $unlock where a spinlock is taken and given back
 * token:    as fast, without yield: $pause(site) waits until this thread has its turn
 */
import ts from 'typescript';
import { SimulatorBug } from '../../../util/fault.js';
import { announce, keptNames } from './announce.js';
import { directAccess } from './direct.js';
import { finished, type QuickKit, quickVersion } from './emit_quick.js';
import type { Inlinable } from './inline.js';
import { guarded } from './loops.js';
import { lockMark, marksOf } from './marks.js';
import {
  andYield,
  asCoroutine,
  copyOf,
  declared,
  Imports,
  isSimple,
  literal,
  pass,
  withLocals,
} from './nodes.js';
import type { Fn } from './places.js';
import type { PointKind } from './points.js';
import type { Quickness } from './quick.js';
import type { Step } from './step.js';

export type { Site, Tree } from './site.js';

const f = ts.factory;

export function transformer(step: Step): ts.TransformerFactory<ts.SourceFile> {
  const { tree, colours, inliner, quickness, constants, specifier, siteOf, heapName } = step;
  return (context) => (file) => {
    let used = false;
    /** Takes or gives back spinlocks. */
    let locks = false;
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
    /** `deepest` of the quick version. */
    let quickest = 0;
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
      const lock = tree === 'modelled' ? lockMark(call, name) : null;
      locks ||= lock !== null;
      const callee = lock ?? (ts.visitNode(call.expression, visit) as ts.Expression);
      const update = (extra: ts.Expression[]) =>
        copied(f.updateCallExpression(call, callee, undefined, [...args, ...extra]));
      const asked = (ask: ts.Expression): ts.Expression =>
        (tree === 'fast' ? directAccess(call, name, args, ask) : null) ?? update([ask]);
      if (isQuick) {
        used = true;
        passed++;
        if (tree !== 'observed') return asked(pass());
        const { rmw, told } = announce(kind, name, args, depth, site);
        return update([point(rmw ? '$passRmw' : '$pass', told)]);
      }
      if (kind === 'block') {
        if (tree === 'token') return update([site]);
        return f.createParenthesizedExpression(
          f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), update([site])),
        );
      }
      if (kind === 'spin') return update([paused(point('$spin', [site]))]);
      if (tree !== 'observed') return asked(paused(countdown(site)));
      const { rmw, told } = announce(kind, name, args, depth, site);
      return update([paused(point(rmw ? '$rmw' : '$at', told))]);
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
      const locals = [...(tree === 'observed' ? keptNames(deepest) : []), ...temporaries];
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
      deepest = 0;
      const node = make();
      quickest = Math.max(quickest, deepest);
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
        deepest = 0;
        replaced = call;
        replacement = by;
        const out = statements.map((s) => ts.visitNode(s, visit) as ts.Statement);
        replaced = null;
        return [...declared([...(tree === 'observed' ? keptNames(deepest) : []), ...temporaries]), ...out];
      },
    });

    const quickFunctions = (decl: ts.FunctionDeclaration, of: Quickness): ts.FunctionDeclaration[] => {
      const outer = temporaries;
      const locals: string[] = [];
      quickest = 0;
      const [quick, ...rest] = quickVersion(decl, kit(of, locals)) as [
        ts.FunctionDeclaration,
        ...ts.FunctionDeclaration[],
      ];
      temporaries = outer;
      used = true;
      const { modifiers, name, parameters, body } = quick;
      const block = withLocals(body, [...(tree === 'observed' ? keptNames(quickest) : []), ...locals]);
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
      const constant = constants.of(node);
      if (constant !== null) return literal(constant);
      const copy = names === null ? null : copyOf(node, names, visit);
      if (copy !== null) return copy;
      if (node === replaced) return replacement as ts.Expression;
      if (tree !== 'token' && ts.isIterationStatement(node, false)) {
        used = true;
        return guarded(ts.visitEachChild(node, visit, context));
      }
      if (!ts.isCallExpression(node)) return copied(ts.visitEachChild(node, visit, context));
      const kind = colours.callKind(node);
      if (kind === 'access' && tree === 'observed') {
        const call = ts.visitEachChild(node, visit, context);
        const site = f.createNumericLiteral(siteOf(node, node.expression.getText(), chain));
        return copied(f.updateCallExpression(call, call.expression, undefined, [...call.arguments, site]));
      }
      if (kind === 'plain' || kind === 'access') {
        const call = copied(ts.visitEachChild(node, visit, context));
        const name = tree === 'fast' ? heapName(node) : null;
        return name === null ? call : (directAccess(node, name, call.arguments, null) ?? call);
      }
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
    return f.updateSourceFile(out, [...imports.statements(marksOf(tree, locks), heap), ...out.statements]);
  };
}
