// SPDX-License-Identifier: GPL-2.0-only
/** The barrier registry as a table: numbers and ids name each other, and every row says what it is for. */
import { expect, it } from 'vitest';
import { B, barriers } from '#src/mem/barriers.js';

it('numbers the rows from 0, in order, and B gives the number of each', () => {
  expect(barriers.map((b) => b.nr)).toEqual(barriers.map((_, i) => i));
  for (const b of barriers) expect(B[b.id as keyof typeof B]).toBe(b.nr);
  expect(Object.keys(B)).toEqual(barriers.map((b) => b.id));
});

it('says of each row where it stands, what it orders before what, and what breaks without it', () => {
  for (const b of barriers) {
    expect(b.id).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(b.where).not.toBe('');
    expect(b.orders, b.id).toMatch(/\bbefore\b/);
    expect(b.without, b.id).not.toBe('');
  }
});

it('has the rows that the design names', () => {
  const ids = barriers.map((b) => b.id);
  const wanted =
    'KLP_W_INIT KLP_W_ENABLE KLP_W_DISABLE KLP_W_REVERSE KLP_R_FUNC KLP_R_STATE KLP_R_TIF KLP_GP_SYNC ' +
    'PRW_A PRW_B PRW_C PRW_D PRW_REL PRW_WQ CPUHP_MB_KICK CPUHP_MB_FUN';
  expect(ids).toEqual(expect.arrayContaining(wanted.split(' ')));
});
