// SPDX-License-Identifier: GPL-2.0-only
/** A broken kernel that follows wild pointers costs the scheduler no memory. */
import { expect, it } from 'vitest';
import { Visits } from '#src/schedule/visits.js';

it('keeps count of the words of a heap, and lets wild pointers be', () => {
  const visits = new Visits();
  const before = process.memoryUsage().arrayBuffers;
  for (const addr of [100, 200_000, 0x6b6b6b6b, -5, 0x7fffffff]) visits.note(0, addr, true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
  expect(visits.conflicts(1, 100, false)).toBe(true);
  expect(visits.conflicts(1, 200_000, false)).toBe(true);
  expect(visits.conflicts(1, 0x6b6b6b6b, false)).toBe(false);
  expect(visits.share(1, 0x6b6b6b6b, 3)).toBe(1);
});
