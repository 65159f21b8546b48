// SPDX-License-Identifier: GPL-2.0-only
/** tokens.json: by which execution each known bug was caught, as search.ts writes it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import { writeAtomically } from '#src/util/atomic_write.js';

export interface KnownToken {
  readonly code: string;
  /** Of the campaign, before the token was made smaller. */
  readonly execution: number;
  readonly scheduler: string;
  readonly token: string;
}

const file = join(packageRoot, 'test/regress/tokens.json');

export function readTokens(): Map<string, KnownToken> {
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, KnownToken>));
}

export function writeTokens(tokens: ReadonlyMap<string, KnownToken>): void {
  const sorted = [...tokens].sort(([a], [b]) => (a < b ? -1 : 1));
  writeAtomically(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
