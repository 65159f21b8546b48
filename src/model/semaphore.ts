// SPDX-License-Identifier: GPL-2.0-only
/** A counting semaphore on a futex: two consumers sleep, a producer posts twice. */
import { cmpxchg_acquire, fetch_add, futex_wait, futex_wake, READ_ONCE } from '../mem/heap.js';
import { i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, expected, type Model, type ModelCpu, type ModelFamily, single } from './define.js';

const sem = struct('sem', { count: i32 });

/** When a post wakes a sleeper. */
const ALWAYS = 0;
/** Busted: the second of two posts in a row wakes nobody, though there may be a second sleeper. */
const FROM_ZERO = 1;

function down(k: ModelCpu, s: Ptr<'sem'>): void {
  for (;;) {
    const seen = READ_ONCE(k, s, sem.count);
    if (seen === 0) futex_wait(k, s, sem.count, 0, Number.POSITIVE_INFINITY);
    else if (cmpxchg_acquire(k, s, sem.count, seen, seen - 1) === seen) return;
  }
}

function up(k: ModelCpu, s: Ptr<'sem'>, wakes: number): void {
  const before = fetch_add(k, s, sem.count, 1);
  if (wakes === ALWAYS || before === 0) futex_wake(k, s, sem.count, 1);
}

function consumer(k: ModelCpu, s: Ptr<'sem'>): void {
  down(k, s);
}

function producer(k: ModelCpu, s: Ptr<'sem'>, posts: number, wakes: number): void {
  for (let i = 0; i < posts; i++) up(k, s, wakes);
}

function model(name: string, about: string, wakes: number): Model {
  return defineModel({
    name,
    about,
    layout: sem,
    initial: [],
    actors: [
      { name: 'consumer 0', act: consumer, args: [] },
      { name: 'consumer 1', act: consumer, args: [] },
      { name: 'producer', act: producer, args: [2, wakes] },
    ],
    verify: (word) => expected(word(sem.count) === 0, 'count', `the semaphore is left at ${word(sem.count)}`),
  });
}

export const semaphore: ModelFamily = single(
  model('semaphore', 'a semaphore of which each post wakes a sleeper', ALWAYS),
);

export const bustedSemaphore: ModelFamily = single(
  model('busted-semaphore', 'a semaphore of which only a post from zero wakes a sleeper', FROM_ZERO),
);
