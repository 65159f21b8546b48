// SPDX-License-Identifier: GPL-2.0-only
/** What a node is in the place where it stands: a function, what is called, a name. */
import ts from 'typescript';

export type Fn =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

export function isFn(node: ts.Node): node is Fn {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

export function isCallee(node: ts.Expression): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

/** Where a function that is read from a property can go. */
export function isPassedOn(node: ts.Expression): boolean {
  const p = node.parent;
  return (
    (ts.isVariableDeclaration(p) && p.initializer === node) ||
    (ts.isPropertyAssignment(p) && p.initializer === node) ||
    (ts.isPropertyAccessExpression(p) && ['call', 'apply', 'bind'].includes(p.name.text))
  );
}

/** The function whose body `node` is in. */
export function enclosing(node: ts.Node): Fn | null {
  for (let n = node.parent; n !== undefined; n = n.parent) if (isFn(n)) return n;
  return null;
}

export function placeProblem(call: ts.CallExpression): string | null {
  const name = call.expression.getText();
  for (let n: ts.Node = call; n.parent !== undefined; n = n.parent) {
    const parent = n.parent;
    if (ts.isParameter(parent) && parent.initializer === n)
      return `${name}() can block: not in the default of a parameter`;
    if (ts.isPropertyDeclaration(parent)) return `${name}() can block: not in the initialiser of a field`;
    if (ts.isConstructorDeclaration(parent)) return `${name}() can block: not in a constructor`;
    if (ts.isAccessor(parent)) return `${name}() can block: not in a getter or setter`;
    if (!isFn(parent)) continue;
    if (parent.asteriskToken !== undefined) return `${name}() can block: not in a generator`;
    if (ts.getModifiers(parent)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) === true)
      return `${name}() can block: not in an async function`;
    return null;
  }
  return `${name}() can block: not at the top of a module`;
}

export function isName(id: ts.Identifier): boolean {
  const p = id.parent;
  if (ts.isPropertyAccessExpression(p)) return p.name === id;
  if (ts.isPropertyAssignment(p) || ts.isMethodDeclaration(p) || ts.isPropertySignature(p))
    return p.name === id;
  if (ts.isVariableDeclaration(p) || ts.isParameter(p) || isFn(p)) return p.name === id;
  return ts.isImportSpecifier(p) || ts.isImportClause(p) || ts.isExportSpecifier(p) || ts.isBindingElement(p);
}

/** A name that is read where it stands. */
export function isOperand(id: ts.Identifier): boolean {
  const p = id.parent;
  if (ts.isCallExpression(p) || ts.isNewExpression(p)) return p.expression !== id;
  if (ts.isElementAccessExpression(p)) return p.argumentExpression === id;
  if (ts.isVariableDeclaration(p) || ts.isPropertyAssignment(p)) return p.initializer === id;
  return (
    ts.isBinaryExpression(p) ||
    ts.isPrefixUnaryExpression(p) ||
    ts.isParenthesizedExpression(p) ||
    ts.isConditionalExpression(p) ||
    ts.isReturnStatement(p) ||
    ts.isIfStatement(p) ||
    ts.isCaseClause(p) ||
    ts.isArrayLiteralExpression(p) ||
    ts.isTemplateSpan(p)
  );
}

export function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : name.getText();
}
