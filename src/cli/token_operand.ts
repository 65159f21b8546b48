// SPDX-License-Identifier: GPL-2.0-only
/** A token as it is given to a command: itself, or where it stands. Tokens are long, and reports have them in them. */
import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../util/fault.js';

/** The first token of a text: what explore printed, or its JSON. */
const IN_TEXT = /klp\d+:[\w-]+/;

/** `operand`: a token, the name of a file, or - for stdin. UsageError if there is no token in it. */
export function readToken(operand: string): string {
  if (operand !== '-' && (operand.startsWith('klp') || !existsSync(operand))) return operand;
  const name = operand === '-' ? 'stdin' : `"${operand}"`;
  let text: string;
  try {
    text = readFileSync(operand === '-' ? 0 : operand, 'utf8');
  } catch (error) {
    throw new UsageError([`${name} cannot be read: ${(error as Error).message}`]);
  }
  const [token] = IN_TEXT.exec(text) ?? [];
  if (token === undefined) throw new UsageError([`there is no replay token (klp1:…) in ${name}`]);
  return token;
}
