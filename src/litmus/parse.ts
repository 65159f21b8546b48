// SPDX-License-Identifier: GPL-2.0-only
/** From the text of a litmus test in herd's C flavour to a Program. */
import { createCursor, lex } from './lexer.js';
import { parseThread } from './parse_body.js';
import { parseTail } from './parse_condition.js';
import { createMemory, type Memory, parseInit } from './parse_init.js';
import { ParseFault, type Problem } from './problems.js';
import type { Expected, Program, Thread } from './program.js';

export type Parsed =
  | { readonly kind: 'program'; readonly program: Program }
  /** `name` is null if not even that could be read. Only problems of kind `unsupported`: the test is to be skipped. */
  | { readonly kind: 'problems'; readonly name: string | null; readonly problems: readonly Problem[] };

const results: readonly Expected[] = ['Never', 'Sometimes', 'Always', 'DEADLOCK', 'DATARACE', 'Maybe'];

/** The first `Result:` of a file, which stands in a comment before the threads. */
export function expectedOf(source: string): Expected | null {
  const word = /^[ \t]*(?:\(\*+|\*+|\/\/|\/\*+)?[ \t]*Result:[ \t]*([A-Za-z]+)/m.exec(source)?.[1];
  return results.find((r) => r.toLowerCase() === word?.toLowerCase()) ?? null;
}

/** `Result: Never DATARACE`, or that word alone. */
function expectsRace(source: string): boolean {
  return /^[ \t]*(?:\(\*+|\*+|\/\/|\/\*+)?[ \t]*Result:.*\bDATARACE\b/m.test(source);
}

/** Every problem of the file is found, not only the first. */
export function parseLitmus(source: string): Parsed {
  const problems: Problem[] = [];
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const first = /^\s*(?:\/\/[^\n]*\n\s*)*(\S+)[ \t]+([^\n]*?)[ \t]*\n/.exec(text);
  const body = first === null ? -1 : bodyStart(text, first[0].length);
  if (first === null || body < 0) {
    const problem = new ParseFault(1, 'expected "C", a name and a section of initial values in braces')
      .problem;
    return { kind: 'problems', name: first?.[2] ?? null, problems: [problem] };
  }
  const name = (first[2] as string).replace(/\s*\(\*.*$/, '');
  if (first[1] !== 'C') {
    const problem = new ParseFault(1, `a test for ${first[1]}: only C is known`, 'unsupported').problem;
    return { kind: 'problems', name, problems: [problem] };
  }
  try {
    const program = parseBody(text, body, name, problems);
    if (problems.length === 0 && program !== null) return { kind: 'program', program };
  } catch (fault) {
    if (!(fault instanceof ParseFault)) throw fault;
    problems.push(fault.problem);
  }
  problems.sort((a, b) => a.line - b.line);
  return { kind: 'problems', name, problems };
}

/** Index of the brace that opens the initial values: the first outside of comments and strings. */
function bodyStart(text: string, from: number): number {
  const skip = /\(\*[\s\S]*?\*\)|"(?:[^"\\\n]|\\.)*"|\{/g;
  skip.lastIndex = from;
  for (;;) {
    const found = skip.exec(text);
    if (found === null) return -1;
    if (found[0] === '{') return found.index;
  }
}

function parseBody(text: string, start: number, name: string, problems: Problem[]): Program | null {
  const firstLine = text.slice(0, start).split('\n').length;
  const lexed = lex(text.slice(start), firstLine);
  problems.push(...lexed.problems);
  const cursor = createCursor(lexed.tokens);
  const memory = createMemory();
  parseInit(cursor, memory, problems);
  declareParameters(cursor, memory);
  const threads: Thread[] = [];
  for (;;) {
    const at = cursor.position;
    cursor.accept('static');
    cursor.accept('void');
    const token = cursor.peek();
    if (token.kind !== 'name' || !/^P\d+$/.test(token.text)) {
      cursor.seek(at);
      break;
    }
    cursor.next();
    const index = Number(token.text.slice(1));
    if (index !== threads.length) {
      problems.push(new ParseFault(token.line, `expected P${threads.length}, found ${token.text}`).problem);
    }
    const initial = memory.registers.get(index) ?? new Map<string, number>();
    const addressOf = (n: string): number | null => (memory.has(n) ? memory.addressOf(n) : null);
    threads.push(parseThread(cursor, index, { addressOf, initial }, problems));
  }
  if (threads.length === 0) throw new ParseFault(cursor.peek().line, 'no thread P0');
  const tail = parseTail(cursor, memory, threads);
  if (problems.length > 0) return null;
  return {
    name,
    expected: expectedOf(text),
    expectsRace: expectsRace(text),
    words: memory.words(),
    threads,
    ...tail,
  };
}

/** A parameter is a word of memory, declared or not; all are known before the first thread is read. */
function declareParameters(cursor: ReturnType<typeof createCursor>, memory: Memory): void {
  const start = cursor.position;
  for (let token = cursor.next(); token.kind !== 'end'; token = cursor.next()) {
    if (!/^P\d+$/.test(token.text) || !cursor.accept('(')) continue;
    let last = '';
    for (let inner = cursor.next(); inner.kind !== 'end'; inner = cursor.next()) {
      if (inner.kind === 'name') last = inner.text;
      if (inner.text !== ',' && inner.text !== ')') continue;
      if (last !== '' && last !== 'void') memory.word(last);
      last = '';
      if (inner.text === ')') break;
    }
  }
  cursor.seek(start);
}
