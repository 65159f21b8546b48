// SPDX-License-Identifier: GPL-2.0-only
/** A header that expects a data race holds a model to it that looks for races; another is judged by the rest. */
import { expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';

const text = (result: string, write: string) => `C racing

(* Result: ${result} *)

{}

P0(int *x)
{
	${write};
}

P1(int *x)
{
	int r0;
	r0 = READ_ONCE(*x);
}

exists (1:r0=1)
`;
const status = (model: keyof typeof models, result: string, write: string) =>
  runTest(text(result, write), models[model], 'x').status;

it('the axioms find the race, and miss one that is not there', () => {
  expect(status('lkmm', 'Never DATARACE', '*x = 1')).toBe('agrees');
  expect(status('lkmm', 'Sometimes DATARACE', 'WRITE_ONCE(*x, 1)')).toBe('differs');
});

it.each(['weak', 'tso', 'sc'] as const)('%s is held to what it can see', (model) => {
  expect(status(model, 'Sometimes DATARACE', '*x = 1')).toBe('agrees');
  expect(status(model, 'Never DATARACE', '*x = 1')).toBe('differs');
  expect(status(model, 'DATARACE', '*x = 1')).toBe('unjudged');
});
