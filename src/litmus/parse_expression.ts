// SPDX-License-Identifier: GPL-2.0-only
/** C expressions of a thread. Accesses to memory inside them become instructions that fill temporary registers. */
import { ORDER } from '../engine/fibers/memory_model.js';
import { nearest } from '../util/suggest.js';
import type { Cursor } from './lexer.js';
import { ParseFault } from './problems.js';
import type { BinaryOperator, Change, Expression, Instruction } from './program.js';
import { type Call, callNames, callOf } from './vocabulary.js';

type Without<T> = T extends unknown ? Omit<T, 'line' | 'statement'> : never;
export type Draft = Without<Instruction>;

/** What the thread gives to the parser of its expressions. */
export interface Scope {
  readonly cursor: Cursor;
  emit(line: number, draft: Draft): void;
  temporary(): number;
  /** Register of this name; ParseFault if it can be none. */
  register(name: string, line: number): number;
  /** Does the token so many places ahead begin a type? */
  isTypeName(ahead: number): boolean;
  skipType(): void;
}

/** Weakest first; herd gives `&` less than `==`, as C does. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
]; // biome-ignore format: one row

export const constant = (value: number): Expression => ({ kind: 'constant', value });
export const fromRegister = (reg: number): Expression => ({ kind: 'register', reg });

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}

export function parseExpression(scope: Scope, level = 0): Expression {
  const operators = levels[level];
  if (operators === undefined) return parseUnary(scope);
  let left = parseExpression(scope, level + 1);
  for (;;) {
    const token = scope.cursor.peek();
    const operator = operators.find((o) => o === token.text);
    if (token.kind !== 'sign' || operator === undefined) return left;
    scope.cursor.next();
    const lazy = operator === '&&' || operator === '||';
    const right = parseExpression(lazy ? withoutAccess(scope, token.line) : scope, level + 1);
    left = binary(operator, left, right);
  }
}

/** What is evaluated only sometimes must not touch memory: that would be a branch that the file does not show. */
function withoutAccess(scope: Scope, line: number): Scope {
  const emit = (): never => {
    throw new ParseFault(line, 'an access to memory behind && or ||', 'unsupported');
  };
  return { ...scope, emit };
}

function parseUnary(scope: Scope): Expression {
  const { cursor } = scope;
  const token = cursor.next();
  if (token.kind === 'number') return constant(numberOf(token.text, token.line));
  if (token.kind === 'name') return parseName(scope, token.text, token.line);
  switch (token.text) {
    case '(': {
      if (scope.isTypeName(0)) {
        scope.skipType();
        cursor.expect(')', 'after the type of a cast');
        return parseUnary(scope);
      }
      const inner = parseExpression(scope);
      cursor.expect(')', 'at the end of an expression');
      return inner;
    }
    case '*':
      return emitLoad(scope, parseUnary(scope), ORDER.plain, token.line);
    case '-':
      return binary('-', constant(0), parseUnary(scope));
    case '+':
      return parseUnary(scope);
    case '!':
      return binary('==', parseUnary(scope), constant(0));
    case '~':
      return binary('^', parseUnary(scope), constant(-1));
    case '&':
      return parseAddress(scope);
    default:
      throw new ParseFault(token.line, `expected an expression, found "${token.text}"`);
  }
}

export function numberOf(text: string, line: number): number {
  const digits = text.replace(/[uUlL]+$/, '');
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (!Number.isSafeInteger(value)) throw new ParseFault(line, `a number too large: ${text}`, 'unsupported');
  return value;
}

function parseName(scope: Scope, name: string, line: number): Expression {
  const { cursor } = scope;
  if (cursor.peek().text === '(') {
    const call = callOf(name);
    if (call === undefined) throw unknownCall(name, line);
    return parseCall(scope, name, call, line);
  }
  if (cursor.peek().text === '->' || cursor.peek().text === '.') {
    throw new ParseFault(line, 'members of structs', 'unsupported');
  }
  if (name === 'NULL' || name === 'false') return constant(0);
  if (name === 'true') return constant(1);
  const value = fromRegister(scope.register(name, line));
  if (!cursor.accept('[')) return value;
  const index = parseExpression(scope);
  cursor.expect(']', 'after an index');
  return emitLoad(scope, binary('+', value, index), ORDER.plain, line);
}

export function unknownCall(name: string, line: number): ParseFault {
  const near = nearest(name, callNames);
  const hint = near === null ? '' : `: did you mean ${near}()?`;
  return new ParseFault(line, `${name}() is not known${hint}`, 'unsupported');
}

/** The word that `*x`, `a[i]` or `*(x + i)` names, as the expression of its address. */
export function parseLvalue(scope: Scope): Expression {
  const { cursor } = scope;
  const token = cursor.peek();
  if (cursor.accept('*')) return parseUnary(scope);
  if (token.kind === 'name' && cursor.peek(1).text === '[') {
    cursor.next();
    cursor.next();
    const base = fromRegister(scope.register(token.text, token.line));
    const index = parseExpression(scope);
    cursor.expect(']', 'after an index');
    return binary('+', base, index);
  }
  if (token.text === '(' && (cursor.peek(1).text === '*' || cursor.peek(1).text === '(')) {
    cursor.next();
    const inner = parseLvalue(scope);
    cursor.expect(')', 'after a word of memory');
    return inner;
  }
  throw new ParseFault(
    token.line,
    `expected a word of memory such as *x, found "${token.text}"`,
    'unsupported',
  );
}

function parseAddress(scope: Scope): Expression {
  const { cursor } = scope;
  const token = cursor.peek();
  if (token.text === '*' || token.text === '(' || cursor.peek(1).text === '[') return parseLvalue(scope);
  throw new ParseFault(token.line, `the address of a local variable: &${token.text}`, 'unsupported');
}

export function emitLoad(scope: Scope, address: Expression, order: number, line: number): Expression {
  const target = scope.temporary();
  scope.emit(line, { op: 'load', target, address, order });
  return fromRegister(target);
}

function parseWord(scope: Scope, by: 'lvalue' | 'pointer'): Expression {
  return by === 'lvalue' ? parseLvalue(scope) : parseExpression(scope);
}

function comma(scope: Scope, name: string): void {
  scope.cursor.expect(',', `between the arguments of ${name}()`);
}

/** A call, from its opening parenthesis; 0 for those that return nothing. */
export function parseCall(scope: Scope, name: string, call: Call, line: number): Expression {
  const { cursor } = scope;
  cursor.expect('(', `after ${name}`);
  const result = parseArguments(scope, name, call, line);
  cursor.expect(')', `at the end of ${name}()`);
  return result;
}

function parseArguments(scope: Scope, name: string, call: Call, line: number): Expression {
  switch (call.kind) {
    case 'load':
      return emitLoad(scope, parseWord(scope, call.by), call.order, line);
    case 'exchange':
    case 'compare':
    case 'add_unless':
    case 'arithmetic':
      return parseReadModifyWrite(scope, name, call, line);
    case 'trylock':
    case 'is_locked':
    case 'srcu_lock': {
      const address = parseExpression(scope);
      const target = scope.temporary();
      scope.emit(line, { op: call.kind, target, address });
      return fromRegister(target);
    }
    default:
      throw new ParseFault(line, `${name}() has no value`);
  }
}

type Modifying = Extract<Call, { kind: 'exchange' | 'compare' | 'add_unless' | 'arithmetic' }>;

export function parseReadModifyWrite(scope: Scope, name: string, call: Modifying, line: number): Expression {
  const target = scope.temporary();
  const emit = (address: Expression, change: Change, result: 'old' | 'new' | 'changed' | 'none'): void =>
    scope.emit(line, { op: 'rmw', target, address, change, result, order: call.order });
  if (call.kind === 'arithmetic') {
    const operand = call.operand === null ? parseExpression(scope) : constant(call.operand);
    if (call.operand === null) comma(scope, name);
    const address = parseExpression(scope);
    const value = call.inverted ? binary('^', operand, constant(-1)) : operand;
    emit(address, { kind: 'arithmetic', operator: call.operator, operand: value }, call.result);
    return call.test === null ? fromRegister(target) : binary(call.test, fromRegister(target), constant(0));
  }
  const address = parseExpression(scope);
  comma(scope, name);
  const first = parseExpression(scope);
  if (call.kind === 'exchange') {
    emit(address, { kind: 'exchange', value: first }, 'old');
    return fromRegister(target);
  }
  comma(scope, name);
  const second = parseExpression(scope);
  if (call.kind === 'compare') emit(address, { kind: 'compare', expected: first, value: second }, 'old');
  else emit(address, { kind: 'add_unless', operand: first, limit: second }, 'changed');
  return fromRegister(target);
}
