// SPDX-License-Identifier: GPL-2.0-only
/** Statements of a thread: from C to instructions. */
import { ORDER } from '../engine/fibers/memory_model.js';
import type { Cursor } from './lexer.js';
import { parseCallStatement } from './parse_call.js';
import { type Draft, parseExpression, parseLvalue, type Scope } from './parse_expression.js';
import { ParseFault, type Problem } from './problems.js';
import type { Instruction, Register, Thread } from './program.js';
import { isTypeStart, skipType } from './types.js';

const foreign = new Set([
  'while',
  'for',
  'do',
  'goto',
  'switch',
  'return',
  'break',
  'continue',
  'asm',
  'case',
]);

export interface Names {
  /** Address of a word, or null if the test has none of this name. */
  addressOf(name: string): number | null;
  /** Values that the first section of the test gives to registers of this thread. */
  readonly initial: ReadonlyMap<string, number>;
}

interface Build {
  readonly scope: Scope;
  readonly problems: Problem[];
  readonly code: Instruction[];
  /** Begins a new statement. */
  begin(): void;
  readonly statement: () => number;
}

/** Parses the parameters and the body; the cursor stands behind `P0`. Problems are added, and the rest is still read. */
export function parseThread(cursor: Cursor, index: number, names: Names, problems: Problem[]): Thread {
  const registers: { -readonly [K in keyof Register]: Register[K] }[] = [];
  const byName = new Map<string, number>();
  const code: Instruction[] = [];
  let statement = 0;
  const add = (name: string, initial: number, temporary: boolean): number => {
    registers.push({ name, initial, temporary });
    if (!temporary) byName.set(name, registers.length - 1);
    return registers.length - 1;
  };
  for (const name of parseParameters(cursor, names)) {
    add(name, names.initial.get(name) ?? (names.addressOf(name) as number), false);
  }
  const scope: Scope = {
    cursor,
    emit: (line, draft: Draft) => void code.push({ ...draft, line, statement } as Instruction),
    temporary: () => add(`t${registers.length}`, 0, true),
    register: (name, line) => {
      const known = byName.get(name);
      if (known !== undefined) return known;
      if (names.addressOf(name) !== null && !names.initial.has(name)) {
        throw new ParseFault(line, `${name} is not a parameter of P${index}`, 'unsupported');
      }
      return add(name, names.initial.get(name) ?? 0, false);
    },
    isTypeName: (ahead) => isTypeStart(cursor, ahead),
    skipType: () => skipType(cursor),
  };
  const build: Build = { scope, problems, code, begin: () => void statement++, statement: () => statement };
  cursor.expect('{', `at the start of P${index}`);
  parseBlock(build);
  for (const [name, initial] of names.initial) if (!byName.has(name)) add(name, initial, false);
  return { index, registers, code };
}

/** Names of the parameters, each a pointer to the word of its name. */
function parseParameters(cursor: Cursor, names: Names): string[] {
  const found: string[] = [];
  cursor.expect('(', 'before the parameters');
  if (cursor.peek().text === 'void' && cursor.peek(1).text === ')') cursor.next();
  while (!cursor.accept(')')) {
    const line = cursor.peek().line;
    const start = cursor.position;
    let stars = 0;
    let name = '';
    while (cursor.peek().text !== ',' && cursor.peek().text !== ')') {
      const token = cursor.next();
      if (token.kind === 'end') throw new ParseFault(line, 'parameters that do not end');
      if (token.text === '*') stars++;
      if (token.text === '[') stars++;
      if (token.kind === 'name') name = token.text;
    }
    if (cursor.position === start || name === '') throw new ParseFault(line, 'a parameter without a name');
    if (stars === 0) throw new ParseFault(line, `parameter ${name} is not a pointer`, 'unsupported');
    if (names.addressOf(name) === null) throw new ParseFault(line, `no word of memory is called ${name}`);
    found.push(name);
    cursor.accept(',');
  }
  return found;
}

/** After the opening brace, to behind the closing one. A statement that is wrong is told of and left out. */
function parseBlock(build: Build): void {
  const { cursor } = build.scope;
  while (!cursor.accept('}')) {
    const token = cursor.peek();
    if (token.kind === 'end') throw new ParseFault(token.line, 'a block without its closing "}"');
    guard(build, () => parseStatement(build));
  }
}

function guard(build: Build, parse: () => void): void {
  const { cursor } = build.scope;
  const start = cursor.position;
  try {
    parse();
  } catch (fault) {
    if (!(fault instanceof ParseFault)) throw fault;
    build.problems.push(fault.problem);
    cursor.seek(start);
    skipStatement(cursor);
  }
}

/** To behind the next `;` or the block that comes before it. */
function skipStatement(cursor: Cursor): void {
  let depth = 0;
  for (;;) {
    const token = cursor.peek();
    if (token.kind === 'end' || (token.text === '}' && depth === 0)) return;
    cursor.next();
    if (token.text === '{' || token.text === '(') depth++;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    if (token.text === '}' && --depth === 0) return;
    if (token.text === ';' && depth === 0) return;
  }
}

function parseStatement(build: Build): void {
  const { cursor } = build.scope;
  const token = cursor.peek();
  if (cursor.accept(';')) return;
  if (cursor.accept('{')) {
    parseBlock(build);
    return;
  }
  if (token.kind === 'name' && foreign.has(token.text)) {
    throw new ParseFault(token.line, `"${token.text}": only if and else`, 'unsupported');
  }
  if (token.text === 'if') {
    parseIf(build);
    return;
  }
  build.begin();
  if (isTypeStart(cursor, 0)) parseDeclaration(build);
  else if (token.kind === 'name' && cursor.peek(1).text === '(') parseCallStatement(build.scope, build.begin);
  else parseAssignment(build);
  cursor.expect(';', 'at the end of a statement');
}

function parseDeclaration(build: Build): void {
  const { cursor, register } = build.scope;
  skipType(cursor);
  do {
    while (cursor.accept('*') || cursor.accept('const') || cursor.accept('volatile'));
    const name = cursor.next();
    if (name.kind !== 'name')
      throw new ParseFault(name.line, `expected the name of a variable, found "${name.text}"`);
    if (cursor.peek().text === '[') throw new ParseFault(name.line, 'a local array', 'unsupported');
    const target = register(name.text, name.line);
    if (cursor.accept('=')) {
      const value = parseExpression(build.scope);
      build.scope.emit(name.line, { op: 'assign', target, value });
    }
  } while (cursor.accept(','));
}

function parseAssignment(build: Build): void {
  const { scope } = build;
  const { cursor } = scope;
  const token = cursor.peek();
  if (token.kind === 'name' && cursor.peek(1).text === '=') {
    cursor.next();
    cursor.next();
    const target = scope.register(token.text, token.line);
    scope.emit(token.line, { op: 'assign', target, value: parseExpression(scope) });
    return;
  }
  if (token.text === '(' && cursor.peek(1).text === 'void' && cursor.peek(2).text === ')') {
    parseExpression(scope);
    return;
  }
  if (token.text === '*' || cursor.peek(1).text === '[') {
    const address = parseLvalue(scope);
    cursor.expect('=', 'after what is written');
    const value = parseExpression(scope);
    scope.emit(token.line, { op: 'store', address, value, order: ORDER.plain });
    return;
  }
  const isUpdate = cursor.peek(1).kind === 'sign' && /^(\+\+|--|.+=)$/.test(cursor.peek(1).text);
  if (token.kind === 'name' && isUpdate) {
    throw new ParseFault(token.line, `"${cursor.peek(1).text}": only plain assignments`, 'unsupported');
  }
  throw new ParseFault(token.line, `expected a statement, found "${token.text}"`);
}

/** Targets are known once both arms have been read; the branch is put in place then. */
function parseIf(build: Build): void {
  const { scope, code } = build;
  const { cursor } = scope;
  const { line } = cursor.next();
  build.begin();
  cursor.expect('(', 'after if');
  const condition = parseExpression(scope);
  cursor.expect(')', 'after a condition');
  const at = code.length;
  const statement = build.statement();
  code.push({ op: 'jump', to: 0, line, statement });
  guard(build, () => parseStatement(build));
  let otherwise = code.length;
  if (cursor.accept('else')) {
    const jump = code.length;
    code.push({ op: 'jump', to: 0, line, statement });
    otherwise = code.length;
    guard(build, () => parseStatement(build));
    code[jump] = { op: 'jump', to: code.length, line, statement };
  }
  code[at] = { op: 'branch', condition, otherwise, join: code.length, line, statement };
  build.begin();
}
