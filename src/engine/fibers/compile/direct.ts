// SPDX-License-Identifier: GPL-2.0-only
/**
 * In the fast tree a word is read and written where it stands: READ_ONCE(k, p, f, ask) becomes (ask, k.i32[p + f]), and
 * load and store have no call at all.
 */
import ts from 'typescript';

const f = ts.factory;

/** Operations that do nothing but read, or write, one word. */
const reads: readonly string[] = ['load', 'data_race', 'READ_ONCE', 'smp_load_acquire', 'rcu_dereference'];
const writes: readonly string[] = ['store', 'note'];

/**
 * What a call of the operation `name` of the heap can be replaced by; null: it stays a call. `args` are transformed
 * already; `ask` is its scheduling point, null for one that has none.
 */
export function directAccess(
  call: ts.CallExpression,
  name: string,
  args: readonly ts.Expression[],
  ask: ts.Expression | null,
): ts.Expression | null {
  const [m, p, field] = args;
  if (m === undefined || p === undefined || !ts.isIdentifier(m)) return null;
  const words = f.createPropertyAccessExpression(m, 'i32');
  if (name === 'ifetch') return f.createElementAccessExpression(words, p);
  if (field === undefined) return null;
  const word = f.createElementAccessExpression(words, f.createAdd(p, field));
  if (reads.includes(name)) {
    if (ask === null) return word;
    /* Others may run at the question: what stands before it must be the same after it. */
    const stays = isLasting(p) && isLasting(field);
    return stays ? f.createParenthesizedExpression(f.createComma(ask, word)) : null;
  }
  const [, , , value] = args;
  if (!writes.includes(name) || value === undefined || !ts.isExpressionStatement(call.parent)) return null;
  return f.createParenthesizedExpression(f.createAssignment(word, value));
}

/** Nobody else changes it: a local of the coroutine, a number, what a kernel handle is made with. */
function isLasting(e: ts.Expression): boolean {
  if (ts.isIdentifier(e) || ts.isNumericLiteral(e)) return true;
  if (ts.isPropertyAccessExpression(e))
    return ts.isIdentifier(e.expression) && ['g', 'me'].includes(e.name.text);
  return ts.isParenthesizedExpression(e) || ts.isAsExpression(e) ? isLasting(e.expression) : false;
}
