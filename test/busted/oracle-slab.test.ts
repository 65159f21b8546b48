// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { POISON_FREE } from '#src/kernel/abi/constants.js';
import { SlabChecker } from '#src/oracle/slab.js';

/** Two objects of three words at 10, their queue at 20, its counters at 0 and 1. */
const slab = { name: 'thing', base: 10, ring: 20, words: 3, count: 2, head: 0, tail: 1 };
const READ = 1;
const SITES = ['kmem_cache_alloc', 'reader', 'kmem_cache_free'];
const checker = () =>
  new SlabChecker([slab], {
    site: (n) => ({ fn: SITES[n] as string, place: 'thing.ts:1' }),
    word: (addr) => `thing.${(addr - 10) % 3}`,
  });
const codes = (c: SlabChecker) => c.violations.map((v) => v.code);

/** Both were taken, and the first one was freed. */
function heapAfterFree(): Int32Array {
  const heap = new Int32Array(32);
  heap.set([2, 3], 0);
  heap.set([10, 13], 20);
  heap.fill(POISON_FREE, 10, 13);
  return heap;
}

it('catches who reads and who writes a freed object', () => {
  const c = checker();
  c.access(0, false, 11, POISON_FREE, POISON_FREE, READ);
  c.access(0, true, 12, POISON_FREE, 7, READ);
  expect(c.violations).toMatchObject([
    { code: 'SLAB-USE-AFTER-FREE', summary: 'reader reads thing.1 of thing, which has been freed' },
    { code: 'SLAB-USE-AFTER-FREE', summary: 'reader writes thing.2 of thing, which has been freed' },
  ]);
});

it('catches who frees an object twice, once', () => {
  const c = checker();
  for (let w = 10; w < 13; w++) c.access(0, true, w, POISON_FREE, POISON_FREE, 2);
  expect(codes(c)).toEqual(['SLAB-DOUBLE-FREE']);
});

it('is silent on an allocation, on objects in use and outside of slabs', () => {
  const c = checker();
  c.access(0, true, 10, POISON_FREE, 0, 0);
  c.access(0, true, 10, 0, POISON_FREE, 2);
  c.access(0, false, 11, 5, 5, READ);
  c.access(0, false, 30, POISON_FREE, POISON_FREE, READ);
  c.end(heapAfterFree());
  expect(codes(c)).toEqual([]);
});

it('catches at the end what nobody saw: a write into a freed object, and one that is queued twice', () => {
  const written = heapAfterFree();
  written[12] = 1;
  const c = checker();
  c.end(written);
  expect(c.violations[0]?.summary).toBe('thing.2 of thing was written after it had been freed');
  const twice = heapAfterFree();
  twice.set([2, 4], 0);
  twice.set([10, 10], 20);
  const d = checker();
  d.end(twice);
  expect(codes(d)).toEqual(['SLAB-DOUBLE-FREE']);
});
