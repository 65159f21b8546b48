// SPDX-License-Identifier: GPL-2.0-only
/** Patches of the kernel for tests, made from a change of its text, and a cache of their own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unifiedDiff } from '#src/explore/mutants/edits.js';
import { projectRoot } from './arch/source.js';

export interface PatchFolder {
  readonly dir: string;
  /** XDG_CACHE_HOME in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a patch that replaces the first `from` of a source file; returns its path. */
  patch(name: string, path: string, from: string, to: string): string;
  remove(): void;
}

export function patchFolder(): PatchFolder {
  const dir = mkdtempSync(join(tmpdir(), 'klptorture-patch-'));
  return {
    dir,
    env: { XDG_CACHE_HOME: join(dir, 'cache') },
    patch(name, path, from, to) {
      const text = readFileSync(join(projectRoot, path), 'utf8');
      const start = text.indexOf(from);
      if (start < 0) throw new Error(`${path} has no ${JSON.stringify(from)}`);
      const file = join(dir, name);
      writeFileSync(file, unifiedDiff(path, text, [{ start, end: start + from.length, text: to }]));
      return file;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
