// SPDX-License-Identifier: GPL-2.0-only
/**
 * What depends on what, as herd7 (7.57) sees it. Each case is load buffering against a full barrier: it is forbidden
 * exactly if the store of the first thread depends on its load.
 */
import { expect, it } from 'vitest';
import { explore } from '../support/litmus.js';

it.each([
  ['a value', 'r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0);', true],
  ['a value that comes out the same', 'r0 = READ_ONCE(*x); WRITE_ONCE(*y, 1 + (r0 & 0));', true],
  ['a constant', 'r0 = READ_ONCE(*x); WRITE_ONCE(*y, 1);', false],
  ['a value through registers', 'r0 = READ_ONCE(*x); r1 = r0 + 1; r2 = r1; WRITE_ONCE(*y, r2 - 1);', true],
  ['a register that was overwritten', 'r0 = READ_ONCE(*x); r1 = r0; r1 = 1; WRITE_ONCE(*y, r1);', false],
  ['a load inside the store', 'WRITE_ONCE(*y, READ_ONCE(*x)); r0 = READ_ONCE(*y);', true],
  ['an address', 'r0 = READ_ONCE(*x); r1 = y + (r0 - r0); WRITE_ONCE(*r1, 1);', true],
  ['the value of a read-modify-write', 'r0 = READ_ONCE(*x); r1 = xchg_relaxed(y, r0);', true],
  ['the operand of an addition', 'r0 = READ_ONCE(*x); atomic_add(r0, y);', true],
  [
    'what a compare-and-exchange compares with',
    'r0 = READ_ONCE(*x); r1 = cmpxchg_relaxed(y, r0 - r0, 1);',
    false,
  ],
  ['a condition', 'r0 = READ_ONCE(*x); if (r0) WRITE_ONCE(*y, 1);', true],
  ['a condition with the load in it', 'if (READ_ONCE(*x) == 1) { r0 = 1; WRITE_ONCE(*y, 1); }', true],
  ['the other arm', 'r0 = READ_ONCE(*x); if (r0 == 0) z = z; else WRITE_ONCE(*y, 1);', true],
  ['what follows an if', 'r0 = READ_ONCE(*x); if (r0) WRITE_ONCE(*z, 1); WRITE_ONCE(*y, 1);', false],
  ['a nested if', 'r0 = READ_ONCE(*x); if (r0) { r1 = 1; if (r1) WRITE_ONCE(*y, 1); }', true],
  [
    'a condition on a register that a condition set',
    'r0 = READ_ONCE(*x); r1 = 0; if (r0) r1 = 1; if (r1) WRITE_ONCE(*y, 1);',
    true,
  ],
  [
    'a value that a condition chose',
    'r0 = READ_ONCE(*x); r1 = 0; if (r0) r1 = 1; WRITE_ONCE(*y, r1);',
    false,
  ],
  [
    'a copy through memory',
    'r0 = READ_ONCE(*x); WRITE_ONCE(*z, r0); r1 = READ_ONCE(*z); WRITE_ONCE(*y, r1);',
    true,
  ],
  ['a copy through plain memory', 'r0 = READ_ONCE(*x); *z = r0; r1 = *z; WRITE_ONCE(*y, r1);', false],
])('%s', (_what, body, depends) => {
  const outcome = explore({
    threads: [body, 'r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);'],
    condition: 'exists (0:r0=1 /\\ 1:r0=1)',
  });
  expect(outcome.observation).toBe(depends ? 'Never' : 'Sometimes');
});
