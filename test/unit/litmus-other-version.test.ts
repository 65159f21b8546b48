// SPDX-License-Identifier: GPL-2.0-only
/** Where a header is wrong by one version of the model and right by the other, that is said; the verdict stays. */
import { expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { outcomeLines } from '#src/litmus/text.js';

/** Since 6.3 a read-modify-write hands on the order of the store that it follows. */
const text = (result: string) => `C handed-on

(*
 * Result: ${result}
 *)

{}

P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_store_release(y, 1);
}

P1(int *y)
{
	int r0 = xchg_relaxed(y, 2);
}

P2(int *x, int *y)
{
	int r1 = smp_load_acquire(y);
	int r2 = READ_ONCE(*x);
}

exists (1:r0=1 /\\ 2:r1=2 /\\ 2:r2=0)
`;

it.each([
  ['lkmm', 'Sometimes', 'Header: Sometimes, agrees'],
  ['lkmm', 'Never', 'Header: Never, differs, lkmm-6.12 agrees'],
  ['lkmm', 'Always', 'Header: Always, differs'],
  ['lkmm-6.12', 'Never', 'Header: Never, agrees'],
  ['lkmm-6.12', 'Sometimes', 'Header: Sometimes, differs, lkmm agrees'],
  ['sc', 'Sometimes', 'Header: Sometimes, differs'],
] as const)('%s, %s', (name, result, line) => {
  expect(outcomeLines(runTest(text(result), models[name], 'x')).at(-2)).toBe(line);
});
