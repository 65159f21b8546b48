// SPDX-License-Identifier: GPL-2.0-only
/** Fields, flags and opcodes stand in the compiled trees as the numbers that they are, also where they were changed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { Constants } from '#src/engine/fibers/compile/constants.js';
import { createProgram } from '#src/engine/fibers/compile/program.js';
import { builtTrees } from '#src/engine/fibers/tree.js';
import { task_struct } from '#src/kernel/abi/structs.js';
import { OP_WORK } from '#src/kernel/text/opcodes.js';
import { projectRoot } from '../support/arch/source.js';

it('in all trees', () => {
  const textOf = (tree: string) => readFileSync(join(builtTrees, tree, 'src/kernel/text/exec.js'), 'utf8');
  expect(textOf('fast')).toContain(`let pc = k.i32[t + ${task_struct.pc}];`);
  for (const tree of ['fast', 'observed', 'token']) {
    expect(textOf(tree)).toContain(`case ${OP_WORK}:`);
    expect(textOf(tree)).not.toMatch(/\b(task_struct|percpu|vmlinux|EV)\.\w/);
  }
});

/** What `case OP_WORK` stands for in a file that uses it, and the fingerprint of all constants. */
function built(replaced: ReadonlyMap<string, string>): { value: number | null; fingerprint: string } {
  const program = createProgram({ root: projectRoot, entries: ['src/kernel/text/exec.ts'], replaced });
  const constants = new Constants(program, projectRoot);
  let value: number | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'OP_WORK') value ??= constants.of(node);
    ts.forEachChild(node, visit);
  };
  visit(program.getSourceFile(join(projectRoot, 'src/kernel/text/exec.ts')) as ts.Node);
  return { value, fingerprint: constants.fingerprint };
}

it('as a changed kernel has them, and then nothing is taken over from another build', () => {
  const path = 'src/kernel/text/opcodes.ts';
  const source = readFileSync(join(projectRoot, path), 'utf8');
  const before = built(new Map());
  const after = built(new Map([[path, source.replace(/(?<=OP_WORK = )\w+/, '99')]]));
  expect([before.value, after.value]).toEqual([OP_WORK, 99]);
  expect(after.fingerprint).not.toBe(before.fingerprint);
});
