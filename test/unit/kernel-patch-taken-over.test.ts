// SPDX-License-Identifier: GPL-2.0-only
/** What is taken over from another build is what would have been compiled: only numbers of places differ. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildTrees, machineEntries } from '#src/engine/fibers/compile/build.js';
import { builtTrees } from '#src/engine/fibers/tree.js';
import { readChange } from '#src/kernel_build/change.js';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import { patchFolder } from '../support/kernel_patch.js';
import { patchFile } from '../support/regress/patched_sources.js';

const folder = patchFolder();
afterAll(() => folder.remove());

function build(name: string, patches: readonly string[], base: boolean) {
  const { changes } = readChange({ patches, kernelDir: null }, []);
  const out = join(folder.dir, name);
  const result = buildTrees({
    root: packageRoot,
    entries: machineEntries,
    replaced: changes,
    out,
    dist: join(packageRoot, 'dist'),
    trees: ['fast', 'observed'],
    ...(base ? { base: builtTrees } : {}),
  });
  expect(result.problems).toEqual([]);
  return { out, ...result };
}

const sitesOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'sites.json'), 'utf8')) as unknown[];

/** Texts by path, without the numbers of places. */
function programs(out: string): Map<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((e) =>
    e.name.endsWith('.js'),
  );
  return new Map(
    files.map((e) => {
      const path = join(e.parentPath, e.name);
      return [
        path.slice(out.length),
        readFileSync(path, 'utf8').replace(/(?<=, |\$spin\()\d+(?=[,)])/g, 'N'),
      ];
    }),
  );
}

/** A file that is inlined in others; one that changes who can block: its callers are compiled anew. */
const masks = folder.patch(
  'masks.patch',
  'src/kernel/cpu/masks.ts',
  '  return ((READ_ONCE(k, k.g, vmlinux.cpu_possible_mask) >>> cpu) & 1) !== 0;',
  '  return cpu < k.nr_cpus;',
);

it.each([
  ['a condition', [patchFile('M14')], 1],
  ['a function that can no longer block, and was inlined', [masks], 2],
])('%s', (name, patches, least) => {
  const taken = build(`${name} taken`, patches, true);
  const whole = build(`${name} whole`, patches, false);
  expect(taken.compiled).toBeGreaterThanOrEqual(least);
  expect(taken.compiled).toBeLessThan(whole.compiled / 4);
  const [a, b] = [programs(taken.out), programs(whole.out)];
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
  const differ = [...a].filter(([path, text]) => b.get(path) !== text).map(([path]) => path);
  expect(differ).toEqual([]);
  /* Texts that were taken over go on to mean the same places. */
  const before = sitesOf(builtTrees);
  expect(sitesOf(taken.out).slice(0, before.length)).toEqual(before);
});
