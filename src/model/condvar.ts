// SPDX-License-Identifier: GPL-2.0-only
/** A condition variable on a futex, and a barrier that is built on it. */
import { fetch_add, futex_wait, futex_wake, load, READ_ONCE, store } from '../mem/heap.js';
import { i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, expected, type Model, type ModelCpu, type ModelFamily, single } from './define.js';
import { lock, unlock } from './futex_mutex.js';

/** `ready`, `arrived` and `generation` belong to the mutex. */
const cv = struct('cv', { mutex: i32, sequence: i32, ready: i32, arrived: i32, generation: i32 });

/** What a signal does to the word that waiters sleep on. */
const COUNTS = 0;
/** Busted: the word never changes, so a waiter that has let the mutex go and does not sleep yet misses the signal. */
const KEEPS = 1;

const EVERYBODY = 0x7fffffff;

function wait(k: ModelCpu, s: Ptr<'cv'>): void {
  const sequence = READ_ONCE(k, s, cv.sequence);
  unlock(k, s, cv.mutex);
  futex_wait(k, s, cv.sequence, sequence, Number.POSITIVE_INFINITY);
  lock(k, s, cv.mutex);
}

function wake(k: ModelCpu, s: Ptr<'cv'>, sequence: number): void {
  if (sequence === COUNTS) fetch_add(k, s, cv.sequence, 1);
  futex_wake(k, s, cv.sequence, EVERYBODY);
}

function waiter(k: ModelCpu, s: Ptr<'cv'>): void {
  lock(k, s, cv.mutex);
  while (load(k, s, cv.ready) === 0) wait(k, s);
  unlock(k, s, cv.mutex);
}

function signaller(k: ModelCpu, s: Ptr<'cv'>, sequence: number): void {
  lock(k, s, cv.mutex);
  store(k, s, cv.ready, 1);
  unlock(k, s, cv.mutex);
  wake(k, s, sequence);
}

/** Meets the others `rounds` times. */
function party(k: ModelCpu, s: Ptr<'cv'>, parties: number, rounds: number, sequence: number): void {
  for (let round = 0; round < rounds; round++) {
    lock(k, s, cv.mutex);
    const generation = load(k, s, cv.generation);
    const arrived = load(k, s, cv.arrived) + 1;
    store(k, s, cv.arrived, arrived % parties);
    if (arrived === parties) {
      store(k, s, cv.generation, generation + 1);
      wake(k, s, sequence);
    } else {
      while (load(k, s, cv.generation) === generation) wait(k, s);
    }
    unlock(k, s, cv.mutex);
  }
}

function condition(name: string, about: string, sequence: number): Model {
  return defineModel({
    name,
    about,
    layout: cv,
    initial: [],
    actors: [
      { name: 'waiter', act: waiter, args: [] },
      { name: 'signaller', act: signaller, args: [sequence] },
    ],
    verify: () => [],
  });
}

function meeting(name: string, about: string, rounds: number, sequence: number): Model {
  return defineModel({
    name,
    about,
    layout: cv,
    initial: [],
    actors: [
      { name: 'party 0', act: party, args: [2, rounds, sequence] },
      { name: 'party 1', act: party, args: [2, rounds, sequence] },
    ],
    verify: (word) =>
      expected(
        word(cv.generation) === rounds,
        'generation',
        `met ${word(cv.generation)} times, not ${rounds}`,
      ),
  });
}

export const condvar: ModelFamily = single(
  condition('condvar', 'a condition variable that counts its signals', COUNTS),
);

export const bustedCondvar: ModelFamily = single(
  condition('busted-condvar', 'a condition variable that sleeps on a word that never changes', KEEPS),
);

const sizes = [{ name: 'rounds', otherwise: 1 }] as const;

export const barrier: ModelFamily = {
  name: 'barrier',
  about: 'a barrier on the condition variable, for two',
  sizes,
  of: (rounds) => meeting('barrier', barrier.about, rounds ?? 1, COUNTS),
};

export const bustedBarrier: ModelFamily = {
  name: 'busted-barrier',
  about: 'a barrier on the busted condition variable, for two',
  sizes,
  of: (rounds) => meeting('busted-barrier', bustedBarrier.about, rounds ?? 1, KEEPS),
};
