// SPDX-License-Identifier: GPL-2.0-only
/** The words of memory of a test: its first section, and the names of parameters and of the condition. */
import type { Cursor } from './lexer.js';
import { numberOf } from './parse_expression.js';
import { ParseFault, type Problem } from './problems.js';
import { ADDRESS_BASE, type Word } from './program.js';
import { isTypeStart, skipType } from './types.js';

export interface Memory {
  /** Index of the word, which is made if there is none. */
  word(name: string): number;
  /** `length` words that follow each other, called name[0] and so on; `name` is the first. */
  array(name: string, length: number): void;
  has(name: string): boolean;
  /** `length` of an array, 0 for a single word. */
  find(name: string): number | null;
  addressOf(name: string): number;
  set(word: number, value: number): void;
  /** Values of registers by thread. */
  readonly registers: ReadonlyMap<number, ReadonlyMap<string, number>>;
  setRegister(thread: number, name: string, value: number): void;
  words(): Word[];
}

export function createMemory(): Memory {
  const words: { name: string; initial: number }[] = [];
  const byName = new Map<string, number>();
  const registers = new Map<number, Map<string, number>>();
  const word = (name: string): number => {
    const known = byName.get(name);
    if (known !== undefined) return known;
    byName.set(name, words.length);
    return words.push({ name, initial: 0 }) - 1;
  };
  return {
    word,
    array(name, length) {
      byName.set(name, words.length);
      for (let i = 0; i < length; i++) word(`${name}[${i}]`);
    },
    has: (name) => byName.has(name),
    find: (name) => byName.get(name) ?? null,
    addressOf: (name) => ADDRESS_BASE + word(name),
    set(index, value) {
      (words[index] as { initial: number }).initial = value;
    },
    registers,
    setRegister(thread, name, value) {
      const of = registers.get(thread) ?? new Map<string, number>();
      registers.set(thread, of.set(name, value));
    },
    words: () => words,
  };
}

/** `{ int x = 1; p = &y; 0:r1 = 2; }`, from its opening brace on. */
export function parseInit(cursor: Cursor, memory: Memory, problems: Problem[]): void {
  cursor.expect('{', 'at the start of the initial values');
  while (!cursor.accept('}')) {
    const token = cursor.peek();
    if (token.kind === 'end') throw new ParseFault(token.line, 'initial values without their closing "}"');
    if (cursor.accept(';') || cursor.accept(',')) continue;
    try {
      parseEntry(cursor, memory);
    } catch (fault) {
      if (!(fault instanceof ParseFault)) throw fault;
      problems.push(fault.problem);
      while (!/^[;}]$/.test(cursor.peek().text) && cursor.peek().kind !== 'end') cursor.next();
    }
  }
}

function parseEntry(cursor: Cursor, memory: Memory): void {
  if (isTypeStart(cursor, 0)) skipType(cursor);
  while (cursor.accept('*'));
  const bracket = cursor.accept('[');
  const token = cursor.next();
  if (token.kind === 'number' && cursor.accept(':')) {
    const name = cursor.next();
    const value = cursor.accept('=') ? parseValue(cursor, memory) : 0;
    memory.setRegister(numberOf(token.text, token.line), name.text, value);
    return;
  }
  if (token.kind !== 'name') throw new ParseFault(token.line, `expected a variable, found "${token.text}"`);
  if (bracket) cursor.expect(']', 'after a variable');
  if (cursor.accept('[')) {
    parseArray(cursor, memory, token.text, token.line);
    return;
  }
  const word = memory.word(token.text);
  if (cursor.accept('=')) memory.set(word, parseValue(cursor, memory));
}

function parseArray(cursor: Cursor, memory: Memory, name: string, line: number): void {
  const length = cursor.next();
  cursor.expect(']', 'after the length of an array');
  const count = length.kind === 'number' ? numberOf(length.text, line) : 0;
  if (memory.has(`${name}[${count}]`) && cursor.accept('=')) {
    memory.set(memory.word(`${name}[${count}]`), parseValue(cursor, memory));
    return;
  }
  if (count < 1 || count > 64)
    throw new ParseFault(line, `array ${name}: a length from 1 to 64`, 'unsupported');
  if (memory.has(name)) throw new ParseFault(line, `${name} is there twice`);
  memory.array(name, count);
  if (!cursor.accept('=')) return;
  cursor.expect('{', 'before the values of an array');
  for (let i = 0; !cursor.accept('}'); i++) {
    if (i >= count) throw new ParseFault(line, `array ${name} has more values than words`);
    memory.set(memory.word(`${name}[${i}]`), parseValue(cursor, memory));
    cursor.accept(',');
  }
}

/** A number, the address of a word (`x`, `&x`), or what a macro such as ATOMIC_INIT(1) holds. */
export function parseValue(cursor: Cursor, memory: Memory): number {
  const token = cursor.next();
  if (token.text === '-') return -parseValue(cursor, memory);
  if (token.text === '(') {
    if (isTypeStart(cursor, 0)) {
      skipType(cursor);
      cursor.expect(')', 'after the type of a cast');
      return parseValue(cursor, memory);
    }
    const inner = parseValue(cursor, memory);
    cursor.expect(')', 'after a value');
    return inner;
  }
  if (token.kind === 'number') return numberOf(token.text, token.line);
  const name = token.text === '&' ? cursor.next() : token;
  if (name.kind !== 'name') throw new ParseFault(name.line, `expected a value, found "${name.text}"`);
  if (name.text === 'NULL') return 0;
  if (name.text === 'ATOMIC_INIT' && cursor.accept('(')) {
    const inner = parseValue(cursor, memory);
    cursor.expect(')', 'after ATOMIC_INIT(');
    return inner;
  }
  if (!cursor.accept('[')) return memory.addressOf(name.text);
  const index = cursor.next();
  cursor.expect(']', 'after an index');
  return memory.addressOf(`${name.text}[${index.text}]`);
}
