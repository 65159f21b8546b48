// SPDX-License-Identifier: GPL-2.0-only
/**
 * Loops count their turns. One over plain words has no scheduling point: in a kernel whose lists are broken it would
 * never come to its end, and no step bound would see it.
 */
import ts from 'typescript';

const f = ts.factory;

/** $S[3]-- > 0 || $endless(), before the body. */
export function guarded(loop: ts.IterationStatement): ts.IterationStatement {
  const turns = f.createElementAccessExpression(f.createIdentifier('$S'), 3);
  const left = f.createGreaterThan(f.createPostfixDecrement(turns), f.createNumericLiteral(0));
  const endless = f.createCallExpression(f.createIdentifier('$endless'), undefined, []);
  const guard = f.createExpressionStatement(f.createLogicalOr(left, endless));
  const { statement } = loop;
  const body = f.createBlock([guard, ...(ts.isBlock(statement) ? statement.statements : [statement])], true);
  if (ts.isForStatement(loop))
    return f.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
  if (ts.isForOfStatement(loop))
    return f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  if (ts.isForInStatement(loop)) return f.updateForInStatement(loop, loop.initializer, loop.expression, body);
  if (ts.isWhileStatement(loop)) return f.updateWhileStatement(loop, loop.expression, body);
  return f.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
}
