// SPDX-License-Identifier: GPL-2.0-only
/** The sources of the kernel as installed, and what of them may be replaced. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimulatorBug } from '../util/fault.js';

/** Folder with package.json, src/ and dist/: two above dist/src/kernel_build's own root. */
export const packageRoot: string = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** What a patch or a copy of the sources may change: the code under test, not the simulator. */
export const changeable: readonly string[] = [
  'src/kernel/',
  'src/protocol/',
  'src/workload/',
  'src/mem/list.ts',
];

export function isChangeable(path: string): boolean {
  return (
    posix.normalize(path) === path &&
    path.endsWith('.ts') &&
    changeable.some((c) => (c.endsWith('/') ? path.startsWith(c) : path === c))
  );
}

/** Text by path from the root; null: the file is gone. */
export type Changes = Map<string, string | null>;

export function readSource(path: string, root: string = packageRoot): string | null {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Paths of all files that may be changed, sorted. */
export function changeableFiles(root: string = packageRoot): string[] {
  if (!existsSync(join(root, 'src/kernel')))
    throw new SimulatorBug(`the sources of the kernel are missing in ${root}/src`);
  return changeable
    .flatMap((c) => (c.endsWith('/') ? filesUnder(root, c) : existsSync(join(root, c)) ? [c] : []))
    .sort();
}

export function filesUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** `entries` and every file of src that they import, types too. */
export function closure(entries: readonly string[], root: string = packageRoot): string[] {
  const found = new Set<string>();
  const work = [...entries];
  for (let path = work.pop(); path !== undefined; path = work.pop()) {
    const text = found.has(path) ? null : readSource(path, root);
    if (text === null) continue;
    found.add(path);
    for (const [, to] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g))
      work.push(posix.join(dirname(path), `${to}.ts`));
  }
  return [...found].sort();
}

/** Names the changed sources, wherever they stand: what differs and how. '' if nothing does. */
export function hashChanges(changes: Changes): string {
  const rows = [...changes]
    .filter(([path, text]) => text !== readSource(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return '';
  const hash = createHash('sha256');
  for (const path of changeableFiles()) if (!changes.has(path)) hash.update(`${path}\n${readSource(path)}\n`);
  for (const [path, text] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path}\n${text ?? ''}\n`);
  return hash.digest('hex').slice(0, 12);
}
