// SPDX-License-Identifier: GPL-2.0-only
/**
 * The checkers that an engine of coroutines feeds as it runs: they see locks and accesses one by one, which no trace
 * records and no real thread could tell in order. Judges of traces are in index.ts.
 */
import { DATA_RACE_CODES } from './data_race.js';
import { LOCKDEP_CODES } from './lockdep.js';
import { SLAB_CODES } from './slab.js';

export interface CheckerEntry {
  readonly name: string;
  /** The rule, in a sentence. */
  readonly about: string;
  readonly codes: readonly string[];
  /** What it was seen to catch, and the test that shows it. */
  readonly busted: { readonly partner: string; readonly test: string };
}

export const checkers: readonly CheckerEntry[] = [
  {
    name: 'lockdep',
    about:
      'Lock classes are taken in one order, no lock twice, nobody sleeps under a spinlock, who takes a lock gives it back, and who writes is alone.',
    codes: LOCKDEP_CODES,
    busted: {
      partner: 'a path that takes klp_mutex inside the hotplug lock, against the order of all others',
      test: 'test/busted/oracle-lockdep-cycle.test.ts',
    },
  },
  {
    name: 'data-race',
    about:
      'Plain accesses that conflict with others are ordered by locks, releases and acquires, barriers or grace periods.',
    codes: DATA_RACE_CODES,
    busted: {
      partner: 'each way to hand data over, without the one thing that orders it',
      test: 'test/busted/oracle-data-race.test.ts',
    },
  },
  {
    name: 'slab',
    about: 'Objects are used between their allocation and their free only, and freed once.',
    codes: SLAB_CODES,
    busted: {
      partner: 'an object that is read, written and freed after it has been freed',
      test: 'test/busted/oracle-slab.test.ts',
    },
  },
];
