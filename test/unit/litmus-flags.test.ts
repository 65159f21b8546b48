// SPDX-License-Identifier: GPL-2.0-only
/** Warnings that herd7 gives: each is raised by a test that has the fault, and not by one that has not. */
import { describe, expect, it } from 'vitest';
import { explore } from '../support/litmus.js';

const always = 'forall (true)';

describe.each([
  [
    'unbalanced-rcu-locking',
    ['rcu_read_lock(); r0 = READ_ONCE(*x);'],
    ['rcu_read_lock(); rcu_read_unlock();'],
  ],
  [
    'unbalanced-rcu-locking',
    ['rcu_read_unlock();'],
    ['rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); rcu_read_unlock();'],
  ],
  [
    'unbalanced-srcu-locking',
    ['r0 = srcu_read_lock(s);'],
    ['r0 = srcu_read_lock(s); srcu_read_unlock(s, r0);'],
  ],
  [
    'invalid-sleep',
    ['rcu_read_lock(); synchronize_srcu(s); rcu_read_unlock();'],
    ['rcu_read_lock(); rcu_read_unlock(); synchronize_srcu(s);'],
  ],
  [
    'srcu-bad-nesting',
    ['r0 = srcu_read_lock(s); srcu_read_unlock(s, r0 + 1);'],
    ['r0 = srcu_read_lock(s); srcu_read_unlock(s, r0);'],
  ],
  ['unmatched-unlock', ['spin_unlock(l);'], ['spin_lock(l); spin_unlock(l);']],
  ['mixed-accesses', ['*x = 1; WRITE_ONCE(*x, 2);'], ['*x = 1; smp_mb(); WRITE_ONCE(*x, 2);']],
  ['data-race', ['*x = 1;', 'r0 = READ_ONCE(*x);'], ['WRITE_ONCE(*x, 1);', 'r0 = READ_ONCE(*x);']],
  ['data-race', ['*x = 1;', 'r0 = *x;'], ['r0 = *x;', 'r0 = *x;']],
] as const)('%s', (flag, faulty, healthy) => {
  it('is raised', () => expect(explore({ threads: faulty, condition: always }).found.flags).toEqual([flag]));
  it('is not raised', () => expect(explore({ threads: healthy, condition: always }).found.flags).toEqual([]));
});
