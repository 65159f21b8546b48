// SPDX-License-Identifier: GPL-2.0-only
/** A wait under a mutex that throws when its time is over: who gives the mutex back then? */
import {
  await_condition,
  FUTEX_TIMED_OUT,
  fetch_add,
  futex_wait,
  futex_wake,
  load,
  READ_ONCE,
  smp_store_release,
  store,
} from '../mem/heap.js';
import { i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, expected, type Model, type ModelCpu, type ModelFamily, single } from './define.js';
import { lock, unlock } from './futex_mutex.js';

/** `ready` belongs to the mutex. */
const timed = struct('timed', { mutex: i32, sequence: i32, ready: i32, asked: i32, done: i32 });

/** Far longer than the other actor needs: the time is over only if nobody else can go on. */
const TIMEOUT_MS = 100;

const TIME_IS_OVER = new Error('the time is over');

const GIVES_BACK = 0;
/** Busted: the exception leaves past the unlock. */
const FORGETS = 1;

/** Holds the mutex again when it returns, and when it throws. */
function waitInTime(k: ModelCpu, s: Ptr<'timed'>): void {
  const sequence = READ_ONCE(k, s, timed.sequence);
  unlock(k, s, timed.mutex);
  const why = futex_wait(k, s, timed.sequence, sequence, TIMEOUT_MS);
  lock(k, s, timed.mutex);
  if (why === FUTEX_TIMED_OUT) throw TIME_IS_OVER;
}

function waitUntilReady(k: ModelCpu, s: Ptr<'timed'>): void {
  while (load(k, s, timed.ready) === 0) waitInTime(k, s);
}

function careless(k: ModelCpu, s: Ptr<'timed'>): void {
  lock(k, s, timed.mutex);
  waitUntilReady(k, s);
  unlock(k, s, timed.mutex);
}

function careful(k: ModelCpu, s: Ptr<'timed'>): void {
  lock(k, s, timed.mutex);
  try {
    waitUntilReady(k, s);
  } finally {
    unlock(k, s, timed.mutex);
  }
}

function waiter(k: ModelCpu, s: Ptr<'timed'>, how: number): void {
  smp_store_release(k, s, timed.asked, 1);
  try {
    if (how === FORGETS) careless(k, s);
    else careful(k, s);
  } catch (error) {
    if (error !== TIME_IS_OVER) throw error;
  }
  smp_store_release(k, s, timed.done, 1);
}

/** Signals if it has been asked by then; takes the mutex once more at the end. */
function server(k: ModelCpu, s: Ptr<'timed'>): void {
  if (READ_ONCE(k, s, timed.asked) !== 0) {
    lock(k, s, timed.mutex);
    store(k, s, timed.ready, 1);
    unlock(k, s, timed.mutex);
    fetch_add(k, s, timed.sequence, 1);
    futex_wake(k, s, timed.sequence, 1);
  }
  await_condition(k, s, timed.done, (done) => done !== 0);
  lock(k, s, timed.mutex);
  unlock(k, s, timed.mutex);
}

function model(name: string, about: string, how: number): Model {
  return defineModel({
    name,
    about,
    layout: timed,
    initial: [],
    actors: [
      { name: 'waiter', act: waiter, args: [how] },
      { name: 'server', act: server, args: [] },
    ],
    verify: (word) => expected(word(timed.mutex) === 0, 'mutex-held', 'the mutex is left locked'),
  });
}

export const timedWait: ModelFamily = single(
  model('timed-wait', 'a mutex that is given back when a timed wait throws', GIVES_BACK),
);

export const bustedTimedWait: ModelFamily = single(
  model('busted-timed-wait', 'a mutex that stays locked when a timed wait throws', FORGETS),
);
