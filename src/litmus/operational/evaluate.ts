// SPDX-License-Identifier: GPL-2.0-only
/** Values of expressions in a state of the machine. */
import { applyOperator } from '../axiomatic/value.js';
import type { Change, Expression } from '../program.js';

export function evaluate(expression: Expression, registers: readonly number[]): number {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'register':
      return registers[expression.reg] as number;
    case 'binary':
      return applyOperator(
        expression.operator,
        evaluate(expression.left, registers),
        evaluate(expression.right, registers),
      );
  }
}

/** What a read-modify-write writes over `old`; null: nothing. */
export function changed(change: Change, old: number, registers: readonly number[]): number | null {
  switch (change.kind) {
    case 'exchange':
      return evaluate(change.value, registers);
    case 'arithmetic':
      return applyOperator(change.operator, old, evaluate(change.operand, registers));
    case 'compare':
      return old === evaluate(change.expected, registers) ? evaluate(change.value, registers) : null;
    case 'add_unless':
      return old === evaluate(change.limit, registers) ? null : old + evaluate(change.operand, registers);
  }
}
