// SPDX-License-Identifier: GPL-2.0-only
/** Mutants that no tool may report, with the proof. What is found of them is a mistake of the tool. */
import type { Operator } from './operators.js';

interface Equivalent {
  readonly operator: Operator;
  readonly file: string;
  readonly fn: string;
  /** Part of the text that changes. */
  readonly before: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    operator: 'barrier-dropped',
    file: 'src/kernel/livepatch/handler.ts',
    fn: 'klp_ftrace_handler',
    before: 'KLP_R_FUNC',
    why: 'the address dependency of the function on the head of its stack orders the same (EQ1)',
  },
  {
    operator: 'barrier-dropped',
    file: 'src/kernel/livepatch/core.ts',
    fn: '__klp_enable_patch',
    before: 'KLP_W_ENABLE',
    why: 'the publication on the stack of functions is a release (EQ2)',
  },
  {
    operator: 'write-moved',
    file: 'src/kernel/livepatch/update.ts',
    fn: 'check_and_switch',
    before: 'TIF_PATCH_PENDING',
    why: 'the task does not run, so the order of its flag and its state does not matter (EQ6)',
  },
  {
    operator: 'write-moved',
    file: 'src/kernel/livepatch/update.ts',
    fn: 'check_and_switch',
    before: 'task_struct.patch_state',
    why: 'the task does not run, so the order of its flag and its state does not matter (EQ6)',
  },
];

export function equivalenceOf(operator: Operator, file: string, fn: string, before: string): string | null {
  const found = equivalents.find(
    (e) => e.operator === operator && e.file === file && e.fn === fn && before.includes(e.before),
  );
  return found?.why ?? null;
}
