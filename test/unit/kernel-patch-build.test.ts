// SPDX-License-Identifier: GPL-2.0-only
/** A kernel of one's own: compiled once and kept, or refused with all that is wrong with it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { loadPlainTree } from '#src/engine/threads/kernel_modules.js';
import { buildKernel } from '#src/kernel_build/build.js';
import { UsageError } from '#src/util/fault.js';
import { patchFolder } from '../support/kernel_patch.js';

const folder = patchFolder();
afterAll(() => folder.remove());
const update = 'src/kernel/livepatch/update.ts';
const body = '  /* The order of these two does not matter: the task does not run. */\n';
const good = folder.patch('good.patch', update, body, `${body}  if (task === k.current) return -EBUSY;\n`);
const cache = join(folder.dir, 'cache/klptorture');

const build = (...patches: string[]) => buildKernel({ patches, kernelDir: null }, folder.env);

async function problemsOf(...patches: string[]): Promise<readonly string[]> {
  const error = await build(...patches).then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).problems;
}

describe('a patch that is right', () => {
  it('is compiled once, by two at once too, and then taken from the cache', async () => {
    const both = await Promise.all([build(good), build(good)]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({
      cached: false,
      notes: [],
      hash: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(await build(good)).toEqual({ ...both[0], cached: true });
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('is what the trees run', async () => {
    const { trees } = await build(good);
    for (const tree of ['plain', 'fast', 'observed', 'token']) {
      const js = readFileSync(join(trees, tree, update.replace('.ts', '.js')), 'utf8');
      expect(js).toContain('if (task === k.current)');
    }
    expect((await loadTree(trees, 'fast')).dir).toBe(join(trees, 'fast'));
    expect((await loadPlainTree(trees)).url).toContain('/plain/src/');
  });

  it('is nothing when it changes nothing', async () => {
    const back = folder.patch('back.patch', update, body, body);
    expect(await build(back).catch((e: UsageError) => e.problems)).toBeDefined();
    expect(await build()).toMatchObject({ trees: builtTrees, hash: '' });
  });

  it('stays in a folder of this run where the cache cannot be written', async () => {
    const file = join(folder.dir, 'file');
    writeFileSync(file, '');
    const built = await buildKernel({ patches: [good], kernelDir: null }, { XDG_CACHE_HOME: file });
    expect(built.notes[0]).toContain(
      `cannot keep the compiled kernel in "${file}/klptorture": a part of the path is not a folder (ENOTDIR)`,
    );
    expect(existsSync(join(built.trees, 'sites.json'))).toBe(true);
    rmSync(built.trees, { recursive: true });
  });
});

describe('a patch that is wrong', () => {
  it('with files that may not be changed, and hunks that fit nowhere, all at once', async () => {
    const outside = folder.patch('outside.patch', 'src/oracle/index.ts', 'import', 'export');
    const up = join(folder.dir, 'up.patch');
    writeFileSync(up, '--- /dev/null\n+++ b/src/kernel/../util/x.ts\n@@ -0,0 +1 @@\n+x\n');
    const hunk = join(folder.dir, 'hunk.patch');
    writeFileSync(hunk, readFileSync(good, 'utf8').replace('the task does not run', 'the task runs'));
    const line =
      readFileSync(update, 'utf8')
        .split('\n')
        .findIndex((l) => `${l}\n` === body) + 1;
    expect(await problemsOf(outside, up, hunk, 'none.patch')).toEqual([
      `${outside}:1: "src/oracle/index.ts" may not be changed; what may: src/kernel/, src/protocol/, src/workload/, src/mem/list.ts`,
      `${up}:1: "src/kernel/../util/x.ts" may not be changed; what may: src/kernel/, src/protocol/, src/workload/, src/mem/list.ts`,
      `${hunk}:3: does not apply to ${update}:${line}: expected ${JSON.stringify(body.replace('does not run', 'runs').trimEnd())}, found ${JSON.stringify(body.trimEnd())}`,
      '--patch: cannot read "none.patch": there is no such file or folder (ENOENT)',
    ]);
  });

  it('with types that do not fit: file, line and column', async () => {
    const typo = folder.patch('type.patch', update, body, `${body}  const wrong: string = k.actor;\n`);
    const [problem, ...others] = await problemsOf(typo);
    expect(problem).toMatch(
      /^src\/kernel\/livepatch\/update\.ts:\d+:9: Type 'number' is not assignable to type 'string'\.$/,
    );
    expect(others).toEqual([]);
  });

  it('with an operation where no coroutine can be', async () => {
    const each = folder.patch(
      'each.patch',
      update,
      body,
      `${body}  [0].forEach(() => void READ_ONCE(k, task, task_struct.patch_state));\n`,
    );
    const [problem] = await problemsOf(each);
    expect(problem).toMatch(
      /^src\/kernel\/livepatch\/update\.ts:\d+:15: a function that can block is handed to a library function$/,
    );
  });

  it('with another layout of what the simulator reads', async () => {
    const layout = folder.patch(
      'layout.patch',
      'src/kernel/abi/structs.ts',
      '  __state: i32,\n',
      '  extra: i32,\n  __state: i32,\n',
    );
    expect(await problemsOf(layout)).toEqual([
      'src/kernel/abi/structs.ts: task_struct is changed: existing fields and the size must stay as they are, since the simulator reads the machine by it',
    ]);
  });

  it('leaves nothing in the cache', () => {
    mkdirSync(cache, { recursive: true });
    expect(readdirSync(cache).filter((n) => n.startsWith('.'))).toEqual([]);
    expect(readdirSync(cache).length).toBeLessThanOrEqual(1);
  });
});
