// SPDX-License-Identifier: GPL-2.0-only
/**
 * Quick versions. To call a coroutine costs more than most of them do, and most calls end before the next question to
 * the scheduler is due. So a function f is also emitted as f$q, a plain function that does the same
 * while it may pass its scheduling points without a question. Before each statement with n points it looks whether n
 * more may be passed; if not, or if the statement needs a coroutine, it returns f$kI(...): a coroutine that goes on
 * with this statement and with all that follows. The caller then does `yield*` of that.
 *
 *   (typeof ($r = f$q(a, b)) === 'object' ? yield* $r : $r)
 *
 * This file says which functions have a quick version; emit_quick.ts writes it.
 */
import ts from 'typescript';
import type { Colouring } from './colour.js';
import type { Inliner } from './inline.js';

export class Quickness {
  private readonly known = new Map<ts.FunctionDeclaration, boolean>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly colours: Colouring,
    private readonly inliner: Inliner,
    private readonly inScope: (file: ts.SourceFile) => boolean,
    /** What an earlier build has said of a function that has not changed; null: it is to be found out. */
    private readonly before: (decl: ts.FunctionDeclaration) => boolean | null = () => null,
  ) {}

  /** The function that a call runs, if that has a quick version. */
  of(call: ts.CallExpression): ts.FunctionDeclaration | null {
    if (this.colours.callKind(call) !== 'coloured') return null;
    const decl = this.checker.getResolvedSignature(call)?.declaration;
    if (decl === undefined || !ts.isFunctionDeclaration(decl)) return null;
    if (!ts.isIdentifier(call.expression)) return null;
    return this.has(decl) && call.arguments.length === decl.parameters.length ? decl : null;
  }

  has(decl: ts.FunctionDeclaration): boolean {
    let found = this.known.get(decl);
    if (found === undefined) {
      /* In a cycle none has one. */
      this.known.set(decl, false);
      const before = this.before(decl);
      found = before === null ? this.examine(decl) : before && this.colours.isColoured(decl);
      this.known.set(decl, found);
    }
    return found;
  }

  /** Names of the functions of a file that have one. */
  namesIn(file: ts.SourceFile): string[] {
    return file.statements.flatMap((s) =>
      ts.isFunctionDeclaration(s) && s.name !== undefined && this.has(s) ? [s.name.text] : [],
    );
  }

  /** True if nothing in `node` is an operation or a call of a coroutine. */
  isPlain(node: ts.Node): boolean {
    if (ts.isCallExpression(node)) {
      const kind = this.colours.callKind(node);
      if (kind !== 'plain' && kind !== 'access') return false;
    }
    return ts.forEachChild(node, (child) => (this.isPlain(child) ? undefined : true)) === undefined;
  }

  /**
   * How `node` can be done without a coroutine: by passing points only ('points'), or by one quick call that comes
   * first. Null: not at all.
   */
  way(node: ts.Expression | undefined): 'points' | ts.CallExpression | null {
    if (node === undefined || this.isPointsOnly(node)) return 'points';
    const call = leftmost(node);
    if (call === null || this.inliner.of(call) !== null || this.of(call) === null) return null;
    const rest = (n: ts.Node): boolean => {
      if (n === call) return true;
      if (ts.isCallExpression(n) && !this.isAllowed(n)) return false;
      return ts.forEachChild(n, (child) => (rest(child) ? undefined : true)) === undefined;
    };
    return rest(node) && call.arguments.every((a) => this.isPointsOnly(a)) ? call : null;
  }

  private isPointsOnly(node: ts.Node): boolean {
    if (ts.isCallExpression(node) && !this.isAllowed(node)) return false;
    return ts.forEachChild(node, (child) => (this.isPointsOnly(child) ? undefined : true)) === undefined;
  }

  private isAllowed(call: ts.CallExpression): boolean {
    const kind = this.colours.callKind(call);
    if (kind === 'plain' || kind === 'access') return true;
    if (kind !== 'coloured') return kind.point !== 'block' && kind.point !== 'spin';
    const small = this.inliner.of(call);
    return small !== null && this.isPointsOnly(small.expression);
  }

  private examine(decl: ts.FunctionDeclaration): boolean {
    const { body } = decl;
    if (body === undefined || decl.name === undefined || !ts.isSourceFile(decl.parent)) return false;
    if (!this.inScope(decl.getSourceFile()) || !this.colours.isColoured(decl)) return false;
    if (!decl.parameters.every((p) => ts.isIdentifier(p.name) && p.dotDotDotToken === undefined))
      return false;
    const signature = this.checker.getSignatureFromDeclaration(decl);
    if (signature === undefined || !isPrimitive(signature.getReturnType())) return false;
    if (!hasPlainNames(decl)) return false;
    return this.pays(body.statements);
  }

  /** All of it can be quick, or at least the way through an early return. */
  private pays(statements: readonly ts.Statement[]): boolean {
    let guarded = false;
    for (const s of statements) {
      if (!this.isQuickStatement(s)) return guarded;
      if (ts.isIfStatement(s) && endsEarly(s.thenStatement)) guarded = true;
    }
    return true;
  }

  private isQuickStatement(s: ts.Statement): boolean {
    if (this.isPlain(s)) return true;
    if (ts.isBlock(s)) return this.pays(s.statements);
    if (ts.isIfStatement(s)) return this.way(s.expression) !== null;
    const expression = expressionOf(s);
    return expression !== null && this.way(expression) !== null;
  }
}

/** The expression of a statement that evaluates it once; null for other statements. */
export function expressionOf(s: ts.Statement): ts.Expression | null {
  if (ts.isExpressionStatement(s)) return s.expression;
  if (ts.isReturnStatement(s)) return s.expression ?? null;
  if (!ts.isVariableStatement(s) || s.declarationList.declarations.length !== 1) return null;
  const [only] = s.declarationList.declarations;
  return only !== undefined && ts.isIdentifier(only.name) ? (only.initializer ?? null) : null;
}

/** The call that an expression evaluates before all else. */
function leftmost(e: ts.Expression): ts.CallExpression | null {
  if (ts.isCallExpression(e)) return e;
  if (ts.isBinaryExpression(e)) {
    return e.operatorToken.kind === ts.SyntaxKind.EqualsToken ? assigned(e) : leftmost(e.left);
  }
  if (ts.isPrefixUnaryExpression(e)) return leftmost(e.operand);
  if (ts.isConditionalExpression(e)) return leftmost(e.condition);
  return ts.isParenthesizedExpression(e) || ts.isAsExpression(e) || ts.isNonNullExpression(e)
    ? leftmost(e.expression)
    : null;
}

/** In `name = call()`. */
function assigned(e: ts.BinaryExpression): ts.CallExpression | null {
  return ts.isIdentifier(e.left) ? leftmost(e.right) : null;
}

function endsEarly(s: ts.Statement): boolean {
  const last = ts.isBlock(s) ? s.statements.at(-1) : s;
  return last !== undefined && ts.isReturnStatement(last);
}

/** No object and not null: an object says that the call goes on as a coroutine. */
function isPrimitive(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isPrimitive);
  if (type.isIntersection()) return type.types.some(isPrimitive);
  const { Void, Undefined, BooleanLike, NumberLike, StringLike, Never } = ts.TypeFlags;
  return (type.flags & (Void | Undefined | BooleanLike | NumberLike | StringLike | Never)) !== 0;
}

/** No name is declared twice, so that all can be parameters; no function stands inside that could keep one. */
function hasPlainNames(decl: ts.FunctionDeclaration): boolean {
  const names = new Set<string>();
  const look = (node: ts.Node): boolean => {
    if (node !== decl && ts.isFunctionLike(node)) return false;
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      if (!ts.isIdentifier(node.name)) {
        if (ts.isVariableDeclaration(node)) return false;
      } else if (names.has(node.name.text)) return false;
      else names.add(node.name.text);
    }
    return ts.forEachChild(node, (child) => (look(child) ? undefined : true)) === undefined;
  };
  return look(decl);
}
