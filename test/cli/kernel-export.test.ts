// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture kernel`: from the sources that it hands out to a changed kernel, and to a patch. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patchFolder } from '../support/kernel_patch.js';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const folder = patchFolder();
afterAll(() => folder.remove());

function klptorture(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder.dir,
    encoding: 'utf8',
    env: { ...process.env, ...folder.env },
  });
  return { status, stdout, stderr: stderr.split('\n').slice(0, -1) };
}

const update = 'mine/src/kernel/livepatch/update.ts';
const edit = (from: string, to: string) => {
  const file = join(folder.dir, update);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
};

describe('klptorture kernel', () => {
  beforeAll(() => {
    const run = klptorture('kernel', '--export', 'mine');
    expect(run).toMatchObject({ status: 0, stderr: [] });
    expect(run.stdout).toContain('klptorture kernel --kernel mine');
  });

  it('exports what a kernel needs, and nothing of the simulator', () => {
    for (const path of [
      'src/kernel/kernel.ts',
      'src/protocol/index.ts',
      'src/mem/list.ts',
      'src/workload/torture/livepatch.ts',
      'tsconfig.json',
    ]) {
      expect(existsSync(join(folder.dir, 'mine', path))).toBe(true);
    }
    expect(readdirSync(join(folder.dir, 'mine/src'))).not.toContain('oracle');
  });

  it('does not export over anything', () => {
    const run = klptorture('kernel', '--export', 'mine');
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr[0]).toBe('--export: "mine" is there already and not an empty folder');
  });

  it('takes the copy back: unchanged, changed, and changed to what does not compile', () => {
    expect(klptorture('kernel', '--kernel', 'mine').stdout).toMatch(
      /^the kernel as installed, compiled in .*fibers\n$/,
    );
    edit('task does not run. */\n', 'task does not run. */\n  if (task === k.current) return -EBUSY;\n');
    expect(klptorture('kernel', '--kernel', 'mine').stdout).toMatch(
      /^mine: kernel [0-9a-f]{12}, compiled in .*\/cache\/klptorture\/[0-9a-f]+\n$/,
    );
    edit('return -EBUSY;\n', "return 'busy';\n");
    const run = klptorture('kernel', '--kernel', 'mine');
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr[0]).toMatch(
      /^src\/kernel\/livepatch\/update\.ts:\d+:5: Type 'string' is not assignable/,
    );
  });

  it('does not let the simulator be changed', () => {
    writeFileSync(join(folder.dir, 'mine/src/util/rng.ts'), 'export {};\n');
    const run = klptorture('kernel', '--kernel', 'mine');
    expect(run.status).toBe(2);
    expect(run.stderr[0]).toMatch(
      /^--kernel: mine\/src\/util\/rng\.ts differs from ours and may not be changed; what may: src\/kernel\//,
    );
  });

  it('says what it wants', () => {
    expect(klptorture('kernel').stderr[0]).toBe(
      'kernel needs --export <folder>, or a kernel to compile: --patch <file>, --kernel <folder>',
    );
    expect(klptorture('kernel', '--export', 'x', '--kernel', 'nowhere').stderr).toEqual([
      '--export writes the sources as installed: not with --patch or --kernel',
      '--kernel: "nowhere" is no copy of the sources: no src/kernel in it; make one: klptorture kernel --export nowhere',
      'klptorture: 2 problems; see: klptorture help',
    ]);
  });
});
