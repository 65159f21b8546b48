// SPDX-License-Identifier: GPL-2.0-only
/** The end of a litmus file: locations, filter and the condition on final states. */
import type { Cursor, Token } from './lexer.js';
import { numberOf } from './parse_expression.js';
import { type Memory, parseValue } from './parse_init.js';
import { ParseFault } from './problems.js';
import type { Condition, Place, Quantifier, Thread } from './program.js';

export interface Tail {
  readonly quantifier: Quantifier;
  readonly condition: Condition;
  readonly filter: Condition | null;
  readonly observed: readonly Place[];
}

interface Reading {
  readonly cursor: Cursor;
  readonly memory: Memory;
  readonly threads: readonly Thread[];
  readonly places: Map<string, Place>;
}

/** Reads up to the end of the file. Words that only the condition knows are made, with the value 0. */
export function parseTail(cursor: Cursor, memory: Memory, threads: readonly Thread[]): Tail {
  const reading: Reading = { cursor, memory, threads, places: new Map() };
  let filter: Condition | null = null;
  for (;;) {
    const token = cursor.peek();
    if (cursor.accept('locations')) parseLocations(reading);
    else if (cursor.accept('filter')) filter = parseImplication({ ...reading, places: new Map() });
    else if (cursor.accept(';')) continue;
    else if (token.kind === 'end') {
      /* herd7 takes a test without a condition so. */
      const observed = [...reading.places.values()].sort(comparePlaces);
      return { quantifier: 'forall', condition: { kind: 'true' }, filter, observed };
    } else {
      const quantifier = parseQuantifier(cursor);
      if (quantifier === null) {
        throw new ParseFault(token.line, `expected exists, ~exists or forall, found "${token.text}"`);
      }
      const condition = parseImplication(reading);
      cursor.accept(';');
      const rest = cursor.peek();
      if (rest.kind !== 'end')
        throw new ParseFault(rest.line, `more text after the condition: "${rest.text}"`);
      const observed = [...reading.places.values()].sort(comparePlaces);
      return { quantifier, condition, filter, observed };
    }
  }
}

function parseQuantifier(cursor: Cursor): Quantifier | null {
  if (cursor.accept('exists')) return 'exists';
  if (cursor.accept('forall')) return 'forall';
  if (cursor.accept('~exists')) return '~exists';
  const isNot = cursor.peek().text === '~' || cursor.peek().text === 'not';
  if (!isNot || cursor.peek(1).text !== 'exists') return null;
  cursor.next();
  cursor.next();
  return '~exists';
}

function parseLocations(reading: Reading): void {
  const { cursor } = reading;
  cursor.expect('[', 'after locations');
  while (!cursor.accept(']')) {
    if (cursor.accept(';')) continue;
    if (cursor.peek().kind === 'end') throw new ParseFault(cursor.peek().line, 'locations without their "]"');
    parsePlace(reading);
  }
}

function parseImplication(reading: Reading): Condition {
  const left = parseOr(reading);
  if (!reading.cursor.accept('=>')) return left;
  return { kind: 'implies', left, right: parseImplication(reading) };
}

function parseOr(reading: Reading): Condition {
  let left = parseAnd(reading);
  while (reading.cursor.accept('\\/') || reading.cursor.accept('||')) {
    left = { kind: 'or', left, right: parseAnd(reading) };
  }
  return left;
}

function parseAnd(reading: Reading): Condition {
  let left = parseAtom(reading);
  while (reading.cursor.accept('/\\') || reading.cursor.accept('&&')) {
    left = { kind: 'and', left, right: parseAtom(reading) };
  }
  return left;
}

function parseAtom(reading: Reading): Condition {
  const { cursor } = reading;
  if (cursor.accept('~') || cursor.accept('not') || cursor.accept('!')) {
    return { kind: 'not', inner: parseAtom(reading) };
  }
  if (cursor.accept('(')) {
    const inner = parseImplication(reading);
    cursor.expect(')', 'in the condition');
    return inner;
  }
  if (cursor.peek(1).text !== ':' && cursor.accept('true')) return { kind: 'true' };
  if (cursor.peek(1).text !== ':' && cursor.accept('false')) return { kind: 'false' };
  const left = parsePlace(reading);
  const sign = cursor.next();
  if (sign.text !== '=' && sign.text !== '==' && sign.text !== '!=') {
    throw new ParseFault(sign.line, `expected "=" after ${left.text}, found "${sign.text}"`);
  }
  const isPlace = threadOf(cursor.peek()) !== null && cursor.peek(1).text === ':';
  const right = isPlace ? parsePlace(reading) : parseValue(cursor, reading.memory);
  return { kind: sign.text === '!=' ? 'differ' : 'equal', left, right };
}

function parsePlace(reading: Reading): Place {
  const { cursor, memory } = reading;
  const bracket = cursor.accept('[');
  cursor.accept('*');
  const token = cursor.next();
  const thread = threadOf(token);
  let place: Place;
  if (thread !== null && cursor.accept(':')) {
    const name = cursor.next();
    place = registerPlace(reading, thread, name.text, token.line);
  } else if (token.kind === 'name') {
    let name = token.text;
    if (cursor.accept('[')) {
      name += `[${cursor.next().text}]`;
      cursor.expect(']', 'after an index');
    }
    place = { kind: 'word', word: memory.word(name), text: name };
  } else {
    throw new ParseFault(token.line, `expected a variable or a register such as 0:r1, found "${token.text}"`);
  }
  if (bracket) cursor.expect(']', 'after a variable');
  reading.places.set(place.text, place);
  return place;
}

/** `0` or `P0`, as a register may begin. */
function threadOf({ kind, text, line }: Token): number | null {
  if (kind === 'number') return numberOf(text, line);
  return /^P\d+$/.test(text) ? Number(text.slice(1)) : null;
}

function registerPlace(reading: Reading, thread: number, name: string, line: number): Place {
  const of = reading.threads[thread];
  if (of === undefined) throw new ParseFault(line, `there is no thread P${thread}`);
  const reg = of.registers.findIndex((r) => r.name === name && !r.temporary);
  return { kind: 'register', thread, reg, text: `${thread}:${name}` };
}

/** Registers by thread and name, then words: herd's order. */
function comparePlaces(a: Place, b: Place): number {
  if (a.kind !== b.kind) return a.kind === 'register' ? -1 : 1;
  if (a.kind === 'register' && b.kind === 'register' && a.thread !== b.thread) return a.thread - b.thread;
  return a.text < b.text ? -1 : Number(a.text > b.text);
}
