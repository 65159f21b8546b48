// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { plain } from '#src/report/paint.js';
import { actorNames, formatViolation, taskName } from '#src/report/violation_text.js';
import { violation } from '../support/soak_result.js';

const nameOf = actorNames([
  { actor: 0, name: 'cpu0' },
  { actor: 1, name: 'cpu1' },
  { actor: 2, name: 'livepatch' },
]);

it('can be acted on: what, who, where, and a hint', () => {
  expect(formatViolation(violation, nameOf, plain)).toEqual([
    'KLP-MIX task 12 (cpu1) ran old f after new g with no switch point between',
    '  new g   #4812 cpu1 handler: state=PATCHED',
    '  old f  #14830 cpu1 handler: state=UNPATCHED',
    '  hint: patch_state changed at #4821 by cpu0 while task 12 was running',
    '  seen 3 times; this is the first',
  ]);
});

it('leaves out what is not known', () => {
  const { hint: _, ...bare } = { ...violation, task: null, cpu: null, sites: [], count: 1 };
  expect(formatViolation(bare, nameOf, plain)).toEqual([
    'KLP-MIX ran old f after new g with no switch point between',
  ]);
});

it('names the tasks of the trace', () => {
  expect([7, -1, -4, -102, 0].map((pid) => taskName(pid, nameOf))).toEqual([
    'task 7',
    'swapper/0',
    'swapper/3',
    'livepatch',
    'no task',
  ]);
});
