// SPDX-License-Identifier: GPL-2.0-only
/** Values of expressions and conditions in a state of the machine. */
import { applyOperator } from '../axiomatic/value.js';
import type { Change, Condition, Expression, Place } from '../program.js';

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

export function holds(condition: Condition, at: (place: Place) => number): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'equal':
    case 'differ': {
      const right = typeof condition.right === 'number' ? condition.right : at(condition.right);
      return (at(condition.left) === right) === (condition.kind === 'equal');
    }
    case 'not':
      return !holds(condition.inner, at);
    case 'and':
      return holds(condition.left, at) && holds(condition.right, at);
    case 'or':
      return holds(condition.left, at) || holds(condition.right, at);
    case 'implies':
      return !holds(condition.left, at) || holds(condition.right, at);
  }
}
