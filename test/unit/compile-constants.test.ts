// SPDX-License-Identifier: GPL-2.0-only
/** Fields, flags and opcodes stand in the compiled trees as the numbers that they are, also where they were changed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildTrees, machineEntries } from '#src/engine/fibers/compile/build.js';
import { builtTrees } from '#src/engine/fibers/tree.js';
import { task_struct } from '#src/kernel/abi/structs.js';
import { OP_WORK } from '#src/kernel/text/opcodes.js';
import { projectRoot } from '../support/arch/source.js';

const EXEC = 'src/kernel/text/exec.js';
const textOf = (trees: string, tree: string) => readFileSync(join(trees, tree, EXEC), 'utf8');

it('of the kernel as it is', () => {
  const fast = textOf(builtTrees, 'fast');
  expect(fast).toContain(`let pc = k.i32[t + ${task_struct.pc}];`);
  for (const tree of ['fast', 'observed', 'token']) {
    expect(textOf(builtTrees, tree)).toContain(`case ${OP_WORK}:`);
    expect(textOf(builtTrees, tree)).not.toMatch(/\b(task_struct|percpu|vmlinux|EV)\.\w/);
  }
});

it('of a changed one, in files that are as they were', () => {
  const path = 'src/kernel/text/opcodes.ts';
  const source = readFileSync(join(projectRoot, path), 'utf8');
  const changed = source.replace(/(?<=OP_WORK = )\w+/, '99');
  expect(changed).not.toBe(source);
  const out = mkdtempSync(join(tmpdir(), 'klp-constants-'));
  try {
    const { problems } = buildTrees({
      root: projectRoot,
      entries: machineEntries,
      replaced: new Map([[path, changed]]),
      out,
      dist: join(projectRoot, 'dist'),
      trees: ['fast'],
      base: builtTrees,
    });
    expect(problems).toEqual([]);
    expect(textOf(out, 'fast')).toContain('case 99:');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
