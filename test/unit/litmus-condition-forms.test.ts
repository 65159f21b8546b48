// SPDX-License-Identifier: GPL-2.0-only
/** A condition may be written in several ways; they mean the same. */
import { expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';

const withTail = (tail: string) => `C forms

{ y = 2; }

P0(int *x, int *y)
{
	int r0;

	r0 = READ_ONCE(*y);
	WRITE_ONCE(*x, r0);
}

P1(int *x)
{
	int r1;

	r1 = READ_ONCE(*x);
}

${tail}
`;

it.each([
  'exists (0:r0=2 /\\ 1:r1=0)',
  'exists 0:r0=2 /\\ 1:r1=0',
  'exists (P0:r0=2 /\\ P1:r1=0)',
  'exists (0:r0==2 && ~1:r1=P0:r0)',
  'exists ([y]=0:r0 /\\ not (1:r1=2)) (* a word at the end *)',
  'locations [x; P1:r1;] exists(0:r0!=1:r1)',
  'filter (1:r1=0) exists (true)',
])('%s', (tail) => {
  const observed = tail.startsWith('filter') ? 'Always' : 'Sometimes';
  expect(runTest(withTail(tail), models.lkmm, 'x')).toMatchObject({ observation: observed });
});

it('a thread that is not there', () => {
  expect(runTest(withTail('exists (P2:r0=0)'), models.lkmm, 'x')).toMatchObject({
    problems: [{ line: 20, text: 'there is no thread P2' }],
  });
});
