// SPDX-License-Identifier: GPL-2.0-only
/** The compiled trees name nothing by where they were built: an installed or moved package runs its own files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtTrees } from '#src/engine/fibers/tree.js';

it('imports by relative paths only', () => {
  const files = readdirSync(builtTrees, { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.js'),
  );
  expect(files.length).toBeGreaterThan(100);
  const absolute = files.filter((f) => readFileSync(join(builtTrees, f), 'utf8').includes('file://'));
  expect(absolute).toEqual([]);
});
