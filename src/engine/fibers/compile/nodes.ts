// SPDX-License-Identifier: GPL-2.0-only
/** Pieces of syntax that the transformation makes and looks for. */
import ts from 'typescript';

const f = ts.factory;

export function importOf(name: string, alias: string, from: string): ts.ImportDeclaration {
  const named = f.createImportSpecifier(false, f.createIdentifier(name), f.createIdentifier(alias));
  const clause = f.createImportClause(undefined, undefined, f.createNamedImports([named]));
  return f.createImportDeclaration(undefined, clause, f.createStringLiteral(from));
}

export function withLocals(body: ts.ConciseBody | undefined, locals: readonly string[]): ts.Block {
  if (body === undefined) return f.createBlock([]);
  const statements = ts.isBlock(body) ? [...body.statements] : [f.createReturnStatement(body)];
  if (locals.length > 0) {
    const names = locals.map((name) => f.createVariableDeclaration(name));
    statements.unshift(
      f.createVariableStatement(undefined, f.createVariableDeclarationList(names, ts.NodeFlags.Let)),
    );
  }
  const block = f.createBlock(statements, true);
  return ts.isBlock(body) ? ts.setTextRange(block, body) : block;
}

/** Free of effects, and cheap: may stand twice. */
export function isSimple(e: ts.Expression): boolean {
  if (ts.isIdentifier(e) || ts.isNumericLiteral(e)) return true;
  if (ts.isPropertyAccessExpression(e)) return isSimple(e.expression);
  return ts.isParenthesizedExpression(e) || ts.isAsExpression(e) ? isSimple(e.expression) : false;
}
