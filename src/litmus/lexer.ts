// SPDX-License-Identifier: GPL-2.0-only
/** Words of a litmus file, each with its line. Comments of C and of OCaml are left out. */
import { ParseFault, type Problem } from './problems.js';

export interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'string' | 'end';
  readonly text: string;
  readonly line: number;
}

/** Longest first. */
const signs = [
  '~exists', '<<=', '>>=', '...', '/\\', '\\/', '=>', '==', '!=', '<=', '>=', '<<', '>>', '&&', '||', '->', '++', '--',
  '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '(', ')', '{', '}', '[', ']', ';', ',', ':', '=', '<', '>', '+', '-',
  '*', '/', '%', '&', '|', '^', '~', '!', '.', '?', '\\',
] as const; // biome-ignore format: a table

const space = /[ \t\r\f]+/y;
const name = /[A-Za-z_$][\w$]*/y;
const number = /(?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*/y;
const text = /"(?:[^"\\\n]|\\.)*"/y;

function at(pattern: RegExp, source: string, from: number): string | null {
  pattern.lastIndex = from;
  return pattern.exec(source)?.[0] ?? null;
}

/** End of a comment that starts at `from`, or -1 if there is none; OCaml's nest. */
function commentEnd(source: string, from: number): number {
  if (source.startsWith('//', from)) {
    const end = source.indexOf('\n', from);
    return end < 0 ? source.length : end;
  }
  if (source.startsWith('/*', from)) {
    const end = source.indexOf('*/', from + 2);
    return end < 0 ? Number.POSITIVE_INFINITY : end + 2;
  }
  if (!source.startsWith('(*', from)) return -1;
  let depth = 0;
  for (let i = from; i < source.length; i++) {
    if (source.startsWith('(*', i)) {
      depth++;
      i++;
    } else if (source.startsWith('*)', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Inside braces `(*` may be C, as in `READ_ONCE(*x)`: there it opens a comment only between statements, and only if
 * its star is not followed by a name.
 */
function opensComment(source: string, from: number, last: Token | undefined, inBraces: boolean): boolean {
  if (source.startsWith('//', from) || source.startsWith('/*', from)) return true;
  if (!source.startsWith('(*', from)) return false;
  if (!inBraces) return true;
  return /^[;{})]$/.test(last?.text ?? '') && /[\s*]/.test(source[from + 2] ?? ' ');
}

function lineCount(part: string): number {
  let count = 0;
  for (let i = part.indexOf('\n'); i >= 0; i = part.indexOf('\n', i + 1)) count++;
  return count;
}

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly problems: readonly Problem[];
}

/** `firstLine`: number of the first line of `source` in its file. */
export function lex(source: string, firstLine: number): Lexed {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let line = firstLine;
  let depth = 0;
  for (let i = 0; i < source.length; ) {
    if (source[i] === '\n') {
      line++;
      i++;
      continue;
    }
    const blank = at(space, source, i);
    if (blank !== null) {
      i += blank.length;
      continue;
    }
    if (opensComment(source, i, tokens.at(-1), depth > 0)) {
      const end = commentEnd(source, i);
      if (end === Number.POSITIVE_INFINITY) {
        problems.push(new ParseFault(line, 'a comment that does not end').problem);
        break;
      }
      line += lineCount(source.slice(i, end));
      i = end;
      continue;
    }
    const token = tokenAt(source, i, line);
    if (token === null) {
      problems.push(new ParseFault(line, `a character that means nothing here: ${source[i]}`).problem);
      i++;
      continue;
    }
    if (token.text === '{') depth++;
    if (token.text === '}') depth--;
    tokens.push(token);
    i += token.text.length;
  }
  tokens.push({ kind: 'end', text: 'end of file', line });
  return { tokens, problems };
}

function tokenAt(source: string, i: number, line: number): Token | null {
  const word = at(name, source, i);
  if (word !== null) return { kind: 'name', text: word, line };
  const digits = at(number, source, i);
  if (digits !== null) return { kind: 'number', text: digits, line };
  const quoted = at(text, source, i);
  if (quoted !== null) return { kind: 'string', text: quoted, line };
  const sign = signs.find((s) => source.startsWith(s, i));
  return sign === undefined ? null : { kind: 'sign', text: sign, line };
}

/** A place in a list of tokens. */
export interface Cursor {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the token if it is this one. */
  accept(text: string): boolean;
  /** The token, which must be this one. */
  expect(text: string, what: string): Token;
  readonly position: number;
  seek(position: number): void;
}

export function createCursor(tokens: readonly Token[]): Cursor {
  let position = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)] as Token;
  const next = (): Token => {
    const token = peek();
    position = Math.min(position + 1, tokens.length - 1);
    return token;
  };
  return {
    peek,
    next,
    accept(text) {
      if (peek().text !== text || peek().kind === 'string') return false;
      next();
      return true;
    },
    expect(text, what) {
      const token = next();
      if (token.text !== text) {
        throw new ParseFault(token.line, `expected "${text}" ${what}, found "${token.text}"`);
      }
      return token;
    },
    get position() {
      return position;
    },
    seek(to) {
      position = to;
    },
  };
}
