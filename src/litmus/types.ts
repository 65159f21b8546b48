// SPDX-License-Identifier: GPL-2.0-only
/** C types, as far as a litmus test needs them: to be told from other words, and skipped. */
import type { Cursor } from './lexer.js';

const words = new Set([
  'int', 'char', 'short', 'long', 'unsigned', 'signed', 'void', 'bool', '_Bool', 'const', 'volatile', 'struct',
  'register', 'static', 'auto', '_Atomic', 'mutex', '__unused', '__maybe_unused', 'srcu_struct',
  'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64',
]); // biome-ignore format: a table

function isTypeWord(text: string): boolean {
  return words.has(text) || /^[A-Za-z_]\w*_t$/.test(text);
}

/** Does the token `ahead` places on begin a type? A name ending in _t does only if a name or a star follows it. */
export function isTypeStart(cursor: Cursor, ahead: number): boolean {
  const token = cursor.peek(ahead);
  if (token.kind !== 'name') return false;
  if (words.has(token.text)) return true;
  const after = cursor.peek(ahead + 1);
  return isTypeWord(token.text) && (after.kind === 'name' || after.text === '*' || after.text === ')');
}

/** Skips the words of a type and its stars. */
export function skipType(cursor: Cursor): void {
  for (let first = true; ; first = false) {
    const token = cursor.peek();
    if (token.text === 'struct') {
      cursor.next();
      cursor.next();
    } else if (token.kind === 'name' && words.has(token.text)) {
      cursor.next();
    } else if (first && token.kind === 'name' && isTypeWord(token.text)) {
      cursor.next();
    } else if (!first && token.text === '*') {
      cursor.next();
    } else {
      return;
    }
  }
}
