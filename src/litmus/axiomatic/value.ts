// SPDX-License-Identifier: GPL-2.0-only
/** Registers of a running thread, and the values of expressions, with the loads that they come from. */
import type { BinaryOperator, Expression } from '../program.js';

/**
 * A value and where it comes from. herd7 tells a value that went through a named register from one that a load
 * handed on inside its own statement: only the former carries a dependency to another access. The loads of the
 * former are in `known`, those of the latter in `direct`. Both are bits by number of the load.
 */
export interface Origin {
  readonly value: number;
  readonly known: number;
  readonly direct: number;
  /** Loads that the value is computed from. */
  readonly flow: number;
  /** Events of the same statement that must come before who uses it. */
  readonly after: readonly number[];
}

export const nowhere: readonly number[] = [];

export function applyOperator(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b);
    case '%':
      return b === 0 ? 0 : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '||':
      return Number(a !== 0 || b !== 0);
  }
}

export function evaluate(expression: Expression, registers: readonly Origin[]): Origin {
  switch (expression.kind) {
    case 'constant':
      return { value: expression.value, known: 0, direct: 0, flow: 0, after: nowhere };
    case 'register':
      return registers[expression.reg] as Origin;
    case 'binary': {
      const left = evaluate(expression.left, registers);
      const right = evaluate(expression.right, registers);
      /* herd7 knows that x ^ x is 0 whatever x is; the dependency stays. */
      const isZero = expression.operator === '^' && sameRegister(expression.left, expression.right);
      return {
        value: applyOperator(expression.operator, left.value, right.value),
        known: left.known | right.known,
        direct: left.direct | right.direct,
        flow: isZero ? 0 : left.flow | right.flow,
        after: left.after.length + right.after.length === 0 ? nowhere : [...left.after, ...right.after],
      };
    }
  }
}

function sameRegister(a: Expression, b: Expression): boolean {
  return a.kind === 'register' && b.kind === 'register' && a.reg === b.reg;
}
