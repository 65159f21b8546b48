// SPDX-License-Identifier: GPL-2.0-only
/** Registers of a running thread, and the values of expressions, with the loads that they come from. */
import { type BinaryOperator, type Expression, THIN_AIR } from '../program.js';

/**
 * A value and where it comes from; loads are bits by their number. As herd7 (7.57 and later) has it: an access depends
 * on the loads of the registers and of the inner accesses that its address or its value is made of, whether or not
 * they can change the result.
 */
export interface Origin {
  readonly value: number;
  /** Loads that an access which uses it depends on. */
  readonly known: number;
  /**
   * Loads that a condition on it depends on, by way of registers: those of `known` and those of the conditions under
   * which a register was set.
   */
  readonly reach: number;
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

/** NaN if it computes with a value out of thin air, which has no solution: nothing can be known of the result. */
export function evaluate(expression: Expression, registers: readonly Origin[]): Origin {
  switch (expression.kind) {
    case 'constant':
      return { value: expression.value, known: 0, reach: 0, flow: 0, after: nowhere };
    case 'register':
      return registers[expression.reg] as Origin;
    case 'binary': {
      const left = evaluate(expression.left, registers);
      const right = evaluate(expression.right, registers);
      /* herd7 knows that x ^ x is 0 whatever x is; the dependency stays. */
      const isZero = expression.operator === '^' && sameRegister(expression.left, expression.right);
      return {
        value: isZero ? 0 : compute(expression.operator, left.value, right.value),
        known: left.known | right.known,
        reach: left.reach | right.reach,
        flow: isZero ? 0 : left.flow | right.flow,
        after: left.after.length + right.after.length === 0 ? nowhere : [...left.after, ...right.after],
      };
    }
  }
}

function compute(operator: BinaryOperator, a: number, b: number): number {
  if (a === THIN_AIR || b === THIN_AIR || Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return applyOperator(operator, a, b);
}

function sameRegister(a: Expression, b: Expression): boolean {
  return a.kind === 'register' && b.kind === 'register' && a.reg === b.reg;
}
