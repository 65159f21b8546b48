// SPDX-License-Identifier: GPL-2.0-only
/** Every known bug that is a patch can be compiled into a kernel that runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadTree } from '#src/engine/fibers/tree.js';
import { compileChange } from '#src/kernel_build/build.js';
import { readChange } from '#src/kernel_build/change.js';
import { patchFolder } from '../support/kernel_patch.js';
import { patchFile, patchIds } from '../support/regress/patched_sources.js';

const folder = patchFolder();
afterAll(() => folder.remove());

it.each(patchIds())('%s', async (id) => {
  const problems: string[] = [];
  const { changes, hash, label } = readChange({ patches: [patchFile(id)], kernelDir: null }, problems);
  expect(problems).toEqual([]);
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(label).toBe(`${id}.patch`);
  const out = join(folder.dir, id);
  await compileChange(changes, out, ['fast', 'observed']);
  /* What a module imports of another one is there. */
  expect((await loadTree(out, 'fast')).dir).toBe(join(out, 'fast'));
  for (const path of changes.keys()) {
    const js = join(out, 'fast', path.replace('.ts', '.js'));
    expect(existsSync(js)).toBe(true);
  }
  expect(JSON.parse(readFileSync(join(out, 'sites.json'), 'utf8')).length).toBeGreaterThan(900);
});
