// SPDX-License-Identifier: GPL-2.0-only
/** A test that goes through a pointer to nothing is skipped by every model, as herd7 gives no verdict on it. */
import { expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';

const text = (guard: string) => `C through-null

{
	int *p;
}

P0(int *x, int **p)
{
	WRITE_ONCE(*x, 1);
	rcu_assign_pointer(*p, x);
}

P1(int **p)
{
	int *r0;
	int r1;
	r0 = rcu_dereference(*p);
	${guard}r1 = READ_ONCE(*r0);
}

exists (1:r1=1)
`;

it.each(Object.values(models))('$name', (model) => {
  expect(runTest(text(''), model, 'x')).toMatchObject({
    status: 'skipped',
    problems: [{ text: expect.stringMatching(/^line 18: an access to what is no word/) }],
  });
  expect(runTest(text('if (r0 != 0) '), model, 'x')).toMatchObject({ observation: 'Sometimes' });
});
