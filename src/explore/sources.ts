// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which kernel a token was made with, beyond its changes: a record is a number of operations for each actor, and one
 * operation more or less leads it elsewhere. Comments do not count: what is hashed is the compiled code.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../util/fault.js';
import type { Token } from './token.js';

const known = new Map<string, string>();

/** Of the trees in a folder. */
export function sourcesHash(trees: string): string {
  let hash = known.get(trees);
  if (hash === undefined) {
    const sum = createHash('sha256');
    const dir = join(trees, 'fast', 'src');
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.endsWith('.js'))
      .map((e) => join(e.parentPath, e.name))
      .sort();
    for (const file of files) sum.update(`${file.slice(dir.length)}\n`).update(readFileSync(file));
    hash = sum.digest('hex').slice(0, 8);
    known.set(trees, hash);
  }
  return hash;
}

/** UsageError if the sources are not those of the token. One that does not tell its sources is taken as it is. */
export function checkSources(token: Token, trees: string): void {
  const mine = sourcesHash(trees);
  if (token.sources === undefined || token.sources === mine) return;
  throw new UsageError([
    `the token was made with other sources of the kernel (${token.sources} there, ${mine} here): what it records would lead elsewhere. Search again with explore, or replay it with the klptorture that made it`,
  ]);
}
