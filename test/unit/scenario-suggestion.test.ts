// SPDX-License-Identifier: GPL-2.0-only
/** Did-you-mean: near names only. */
import { expect, it } from 'vitest';
import { nearest, suggestion } from '#src/util/suggest.js';

const protocols = ['mainline-6.12', 'mainline-4.12', 'online-only'];

it.each([
  ['mainline-6.1', 'mainline-6.12'],
  ['main', 'mainline-6.12'],
  ['Online-Only', 'online-only'],
  ['onlin-only', 'online-only'],
  ['xyz', null],
  ['', null],
  ['x'.repeat(100_000), null],
])('%s', (name, expected) => {
  expect(nearest(name, protocols)).toBe(expected);
});

it('lists what is known, but not endlessly', () => {
  expect(suggestion('xyz', ['a', 'b'])).toBe('; known: a, b');
  expect(suggestion('bb', ['a', 'b'])).toBe(': did you mean "b"? known: a, b');
  const many = Array.from({ length: 20 }, (_, i) => `name${i}`);
  expect(suggestion('name3x', many)).toBe(': did you mean "name3"?');
  expect(suggestion('other', many)).toMatch(/^; known: name0, .*, name11, and 8 more$/);
  expect(suggestion('x', [])).toBe(': there are none');
});
