// SPDX-License-Identifier: GPL-2.0-only
/** Bit operations change one bit, and tell its old value; counters tell when they reach zero. */
import { describe, expect, it } from 'vitest';
import {
  atomic_add_return,
  atomic_dec,
  atomic_dec_and_test,
  atomic_inc,
  clear_bit,
  set_bit,
  test_and_clear_bit,
  test_and_set_bit,
  test_bit,
  test_bit_racy,
} from '#src/mem/bitops.js';
import { type Mem, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { i32, type Ptr, struct } from '#src/mem/layout.js';

const words = struct('words', { before: i32, flags: i32, after: i32 });
const p = 4 as Ptr<'words'>;
const fresh = (): Mem => ({ i32: new Int32Array(p + words.$words) });

describe('each bit of the word, the sign bit too', () => {
  it.each([0, 1, 13, 30, 31])('bit %i', (nr) => {
    const m = fresh();
    for (const others of [0, ~(1 << nr)]) {
      WRITE_ONCE(m, p, words.flags, others);
      expect(test_bit(m, nr, p, words.flags)).toBe(false);
      expect(test_bit_racy(m, nr, p, words.flags)).toBe(false);
      set_bit(m, nr, p, words.flags);
      expect(READ_ONCE(m, p, words.flags)).toBe(others | (1 << nr));
      expect(test_bit(m, nr, p, words.flags)).toBe(true);
      expect(test_bit_racy(m, nr, p, words.flags)).toBe(true);
      expect(test_and_set_bit(m, nr, p, words.flags)).toBe(true);
      expect(test_and_clear_bit(m, nr, p, words.flags)).toBe(true);
      expect(READ_ONCE(m, p, words.flags)).toBe(others);
      expect(test_and_clear_bit(m, nr, p, words.flags)).toBe(false);
      expect(test_and_set_bit(m, nr, p, words.flags)).toBe(false);
      clear_bit(m, nr, p, words.flags);
      expect(READ_ONCE(m, p, words.flags)).toBe(others);
    }
    expect(READ_ONCE(m, p, words.before)).toBe(0);
    expect(READ_ONCE(m, p, words.after)).toBe(0);
  });
});

describe('atomic counters', () => {
  it('return the new value, and tell zero once', () => {
    const m = fresh();
    atomic_inc(m, p, words.flags);
    atomic_inc(m, p, words.flags);
    expect(atomic_add_return(m, p, words.flags, 3)).toBe(5);
    atomic_dec(m, p, words.flags);
    expect(atomic_add_return(m, p, words.flags, -2)).toBe(2);
    expect(atomic_dec_and_test(m, p, words.flags)).toBe(false);
    expect(atomic_dec_and_test(m, p, words.flags)).toBe(true);
    expect(atomic_dec_and_test(m, p, words.flags)).toBe(false);
  });

  it('wrap like an int of C', () => {
    const m = fresh();
    WRITE_ONCE(m, p, words.flags, 0x7fffffff);
    atomic_inc(m, p, words.flags);
    expect(READ_ONCE(m, p, words.flags)).toBe(-0x80000000);
  });
});
