// SPDX-License-Identifier: GPL-2.0-only
/** Writes the quick version of a function, and the coroutines that go on where it cannot (see quick.ts). */
import ts from 'typescript';
import { expressionOf, type Quickness } from './quick.js';

const f = ts.factory;

/** What the writer needs of the transformation of the file. */
export interface QuickKit {
  readonly quickness: Quickness;
  /** Transforms a node of a quick version, with `call` replaced; says how many points it passes. */
  quick<T extends ts.Node>(
    node: T,
    call?: ts.CallExpression,
    by?: ts.Expression,
  ): { node: T; points: number };
  /** The call of the quick version of what `call` calls, its arguments included. */
  quickCall(call: ts.CallExpression): { node: ts.Expression; points: number };
  /** Transforms the statements of a coroutine, with `call` replaced; adds its temporaries. */
  coroutine(
    statements: readonly ts.Statement[],
    call: ts.CallExpression | null,
    by: ts.Expression,
  ): ts.Statement[];
}

/** A place from which a coroutine goes on. */
interface Continuation {
  readonly name: string;
  readonly statements: readonly ts.Statement[];
  readonly scope: readonly string[];
  readonly call: ts.CallExpression | null;
}

const VALUE = '$c';
const exported = (): ts.Modifier[] => [f.createModifier(ts.SyntaxKind.ExportKeyword)];
const parameters = (names: readonly string[]): ts.ParameterDeclaration[] =>
  names.map((name) => f.createParameterDeclaration(undefined, undefined, name));

/** `e` is an object: the call goes on as a coroutine. */
export function isCoroutine(e: ts.Expression): ts.Expression {
  return f.createStrictEquality(f.createTypeOfExpression(e), f.createStringLiteral('object'));
}

/** typeof (kept = value) === 'object' ? yield* kept : kept */
export function finished(value: ts.Expression, kept: string): ts.Expression {
  const name = f.createIdentifier(kept);
  const rest = f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), name);
  return f.createParenthesizedExpression(
    f.createConditionalExpression(isCoroutine(value), undefined, rest, undefined, name),
  );
}

export function quickVersion(decl: ts.FunctionDeclaration, kit: QuickKit): ts.FunctionDeclaration[] {
  const { quickness } = kit;
  const base = (decl.name as ts.Identifier).text;
  const places: Continuation[] = [];

  const goOn = (
    statements: readonly ts.Statement[],
    scope: readonly string[],
    call: ts.CallExpression | null,
  ): ts.Statement => {
    const name = `${base}$k${places.length}`;
    places.push({ name, statements, scope: [...scope], call });
    const args = [...(call === null ? [] : [VALUE]), ...scope].map((n) => f.createIdentifier(n));
    return f.createReturnStatement(f.createCallExpression(f.createIdentifier(name), undefined, args));
  };

  /** $S[0] < points */
  const tooFew = (points: number): ts.Expression =>
    f.createLessThan(
      f.createElementAccessExpression(f.createIdentifier('$S'), 0),
      f.createNumericLiteral(points),
    );

  /** Statement `s` evaluates `e` once; `make` writes it with what `e` has become. Null: a coroutine has to do it. */
  const evaluated = (
    s: ts.Statement,
    e: ts.Expression | undefined,
    after: readonly ts.Statement[],
    scope: readonly string[],
    make: (
      call: ts.CallExpression | undefined,
      by: ts.Expression | undefined,
    ) => { node: ts.Statement; points: number },
  ): ts.Statement[] | null => {
    const way = quickness.way(e);
    if (way === null) return null;
    if (way === 'points') {
      const { node, points } = make(undefined, undefined);
      return points === 0
        ? [node]
        : [f.createIfStatement(tooFew(points), goOn([s, ...after], scope, null)), node];
    }
    const out: ts.Statement[] = [];
    const call = kit.quickCall(way);
    if (call.points > 0) out.push(f.createIfStatement(tooFew(call.points), goOn([s, ...after], scope, null)));
    const value = f.createIdentifier(VALUE);
    const declared = f.createVariableDeclaration(VALUE, undefined, undefined, call.node);
    const { node, points } = make(way, value);
    const left = isCoroutine(value);
    out.push(
      f.createVariableStatement(undefined, f.createVariableDeclarationList([declared], ts.NodeFlags.Const)),
      f.createIfStatement(
        points === 0 ? left : f.createLogicalOr(left, tooFew(points)),
        goOn([s, ...after], scope, way),
      ),
      node,
    );
    /* A declaration must stay visible to what follows: it is written as one of `let`. */
    return ts.isVariableStatement(s) ? hoisted(out, s) : [f.createBlock(out, true)];
  };

  const write = (
    statements: readonly ts.Statement[],
    after: readonly ts.Statement[],
    outer: readonly string[],
  ): ts.Statement[] => {
    const out: ts.Statement[] = [];
    const scope = [...outer];
    for (const [i, s] of statements.entries()) {
      const follows = [...statements.slice(i + 1), ...after];
      let done: ts.Statement[] | null = null;
      if (quickness.isPlain(s)) {
        done = [kit.quick(s).node];
      } else if (ts.isBlock(s)) {
        done = [f.createBlock(write(s.statements, follows, scope), true)];
      } else if (ts.isIfStatement(s)) {
        done = evaluated(s, s.expression, follows, scope, (call, by) => {
          const { node, points } = kit.quick(s.expression, call, by);
          const branch = (b: ts.Statement) =>
            f.createBlock(write(ts.isBlock(b) ? b.statements : [b], follows, scope), true);
          const no = s.elseStatement;
          return {
            node: f.createIfStatement(
              node,
              branch(s.thenStatement),
              no === undefined ? undefined : branch(no),
            ),
            points,
          };
        });
      } else if (expressionOf(s) !== null) {
        done = evaluated(s, expressionOf(s) ?? undefined, follows, scope, (call, by) =>
          kit.quick(s, call, by),
        );
      }
      if (done === null) {
        out.push(goOn([s, ...follows], scope, null));
        return out;
      }
      out.push(...done);
      if (ts.isVariableStatement(s))
        for (const d of s.declarationList.declarations) scope.push((d.name as ts.Identifier).text);
    }
    return out;
  };

  const names = decl.parameters.map((p) => (p.name as ts.Identifier).text);
  const body = write((decl.body as ts.Block).statements, [], names);
  const quick = f.createFunctionDeclaration(
    exported(),
    undefined,
    `${base}$q`,
    undefined,
    parameters(names),
    undefined,
    f.createBlock(body, true),
  );
  return [quick, ...places.map((place) => continuation(place, kit))];
}

function continuation(
  { name, statements, scope, call }: Continuation,
  kit: QuickKit,
): ts.FunctionDeclaration {
  const by = finished(f.createIdentifier(VALUE), VALUE);
  return f.createFunctionDeclaration(
    undefined,
    f.createToken(ts.SyntaxKind.AsteriskToken),
    name,
    undefined,
    parameters([...(call === null ? [] : [VALUE]), ...scope]),
    undefined,
    f.createBlock(kit.coroutine(statements, call, by), true),
  );
}

/** { const $c = ...; ...; const x = e; } with x outside: let x; { ...; x = e; } */
function hoisted(inside: readonly ts.Statement[], s: ts.VariableStatement): ts.Statement[] {
  const written = inside.at(-1) as ts.VariableStatement;
  const [source] = s.declarationList.declarations;
  const [made] = written.declarationList.declarations;
  const name = (source as ts.VariableDeclaration).name as ts.Identifier;
  const assignment = f.createAssignment(
    f.createIdentifier(name.text),
    (made as ts.VariableDeclaration).initializer as ts.Expression,
  );
  return [
    f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList([f.createVariableDeclaration(name.text)], ts.NodeFlags.Let),
    ),
    f.createBlock([...inside.slice(0, -1), f.createExpressionStatement(assignment)], true),
  ];
}
