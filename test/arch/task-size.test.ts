// SPDX-License-Identifier: GPL-2.0-only
/** A million tasks must fit: a task_struct has at most 256 bytes. */
import { expect, it } from 'vitest';
import { task_struct } from '#src/kernel/abi/structs.js';

it('task_struct is at most 64 words', () => {
  expect(task_struct.$words).toBeLessThanOrEqual(64);
});
