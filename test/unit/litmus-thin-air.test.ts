// SPDX-License-Identifier: GPL-2.0-only
/** Values that nobody made: kept as herd7 keeps them where they are only copied, and never as a number. */
import { expect, it } from 'vitest';
import { stateText } from '#src/litmus/condition.js';
import { explore } from '../support/litmus.js';

const stated = 'locations [0:r0; 1:r0;] exists (~0:r0=0)';

it('two plain copies in a circle hold a value that equals no number', () => {
  const outcome = explore({ threads: ['r0 = *x; *y = r0;', 'r0 = *y; *x = r0;'], condition: stated });
  const texts = [...outcome.found.states.values()].map((s) => stateText(outcome.program, s.values));
  expect(texts.sort()).toEqual(['0:r0=0; 1:r0=0;', '0:r0=S; 1:r0=S;']);
  expect(outcome.found.flags).toContain('data-race');
});

it('marked copies do not: each store depends on its load', () => {
  const threads = ['r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0);', 'r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0);'];
  expect(explore({ threads, condition: stated }).observation).toBe('Never');
});

it('a circle that computes has no solution', () => {
  const outcome = explore({
    threads: ['r0 = *x; *y = r0 + 1;', 'r0 = *y; *x = r0;'],
    condition: 'exists (0:r0=5)',
  });
  expect([...outcome.found.states.values()].every((s) => s.values.every((v) => v < 1000))).toBe(true);
});

it('two conditions may hold each other up', () => {
  const outcome = explore({
    threads: ['r0 = *x; if (r0) *y = 1;', 'r0 = *y; if (r0) *x = 1;'],
    condition: 'exists (0:r0=1 /\\ 1:r0=1)',
  });
  expect(outcome.observation).toBe('Sometimes');
});
