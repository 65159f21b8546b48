// SPDX-License-Identifier: GPL-2.0-only
/** Layouts give every field its own words, where its alignment wants them. */
import { describe, expect, it } from 'vitest';
import {
  array,
  array_of,
  CACHE_LINE_WORDS,
  cacheline,
  container_of,
  element,
  element_of,
  embed,
  embedded,
  field_name,
  i32,
  type Ptr,
  ptr,
  round_up,
  struct,
} from '#src/mem/layout.js';

const inner = struct('inner', { a: i32, b: ptr('inner') });
const outer = struct('outer', {
  first: i32,
  one: embed(inner),
  row: array(3),
  many: array_of(inner, 2),
  hot: cacheline(i32),
  last: i32,
});
const at = 1000 as Ptr<'outer'>;

describe('struct', () => {
  it('lays fields out in order, without holes that no alignment asks for', () => {
    expect([inner.a, inner.b]).toEqual([0, 1]);
    expect(inner.$words).toBe(2);
    expect([outer.first, outer.one, outer.row, outer.many]).toEqual([0, 1, 3, 6]);
  });

  it('starts a cacheline field on a line, and pads the struct to whole lines', () => {
    expect(outer.hot).toBe(CACHE_LINE_WORDS);
    expect(outer.last).toBe(CACHE_LINE_WORDS + 1);
    expect(outer.$words).toBe(2 * CACHE_LINE_WORDS);
    expect(outer.$align).toBe(CACHE_LINE_WORDS);
  });

  it('hands the alignment on to a struct that embeds it', () => {
    const around = struct('around', { x: i32, o: embed(outer) });
    expect(around.o).toBe(CACHE_LINE_WORDS);
    expect(around.$words).toBe(3 * CACHE_LINE_WORDS);
  });

  it('pads to the alignment that it is given', () => {
    expect(struct('padded', { x: i32 }, 4).$words).toBe(4);
    expect(struct('padded', { x: array(5) }, 4).$words).toBe(8);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(outer)).toBe(true);
  });
});

describe('addresses', () => {
  it('embedded and container_of are inverse', () => {
    const member = embedded(at, outer.one);
    expect(member).toBe(1001);
    expect(container_of(member, outer.one)).toBe(at);
  });

  it('element and element_of count words and structs', () => {
    expect(element(outer.row, 2)).toBe(outer.row + 2);
    expect(element_of(at, outer.many, inner, 1)).toBe(at + outer.many + inner.$words);
  });

  it('round_up goes to the next multiple, and stays on one', () => {
    expect([0, 1, 15, 16, 17].map((n) => round_up(n, 16))).toEqual([0, 16, 16, 16, 32]);
  });
});

describe('field_name', () => {
  it('names the field that covers a word, and the words into it', () => {
    expect(field_name(outer, 0)).toBe('outer.first');
    expect(field_name(outer, outer.one)).toBe('outer.one');
    expect(field_name(outer, outer.one + 1)).toBe('outer.one+1');
    expect(field_name(outer, outer.many + 3)).toBe('outer.many+3');
    expect(field_name(outer, outer.last)).toBe('outer.last');
  });

  it('falls back to the offset for a struct without fields', () => {
    expect(field_name(struct('empty', {}), 3)).toBe('empty+3');
  });
});
