// SPDX-License-Identifier: GPL-2.0-only
/** Tokens as they are given to a command: themselves, or where they stand. They are long, and reports have them in them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { reasonOf } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';

/** The first token of a text, what explore printed, or its JSON; several that belong together follow each other. */
const IN_TEXT = /klp\d+:[\w-]+( klp\d+:[\w-]+)*/;
/** Nothing but tokens. */
const ONLY_TOKENS = /^\s*(klp\d+:[\w-]+\s+)+$/;

/**
 * `operand`: a token, the name of a file, or - for stdin. Of a text with nothing but tokens all of them, of another one
 * the first. UsageError if there is none in it.
 */
export function readTokens(operand: string): string[] {
  if (operand !== '-' && (operand.startsWith('klp') || !existsSync(operand))) return [operand];
  const name = operand === '-' ? 'stdin' : `"${operand}"`;
  let text: string;
  try {
    text = operand === '-' ? readFileSync(0, 'utf8') : readFile(operand);
  } catch (error) {
    throw new UsageError([`${name} cannot be read: ${reasonOf(error)}`]);
  }
  if (ONLY_TOKENS.test(`${text}\n`)) return text.trim().split(/\s+/);
  const [tokens] = IN_TEXT.exec(text) ?? [];
  if (tokens === undefined) throw new UsageError([`there is no replay token (klp1:…) in ${name}`]);
  return tokens.split(' ');
}

/** A device may have no end. */
function readFile(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() && !stat.isFIFO()) throw new Error('it is no file');
  return readFileSync(path, 'utf8');
}
