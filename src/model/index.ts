// SPDX-License-Identifier: GPL-2.0-only
/** All models, by name. What is called busted has a bug that a search has to find; its partner is the same without it. */
import { barrier, bustedBarrier, bustedCondvar, condvar } from './condvar.js';
import type { ModelFamily } from './define.js';
import { livepatch } from './lp.js';
import { messagePassing, relaxedMessagePassing } from './mp.js';
import { relaxedStoreBuffering, storeBuffering } from './sb.js';
import { bustedSemaphore, semaphore } from './semaphore.js';
import { bustedTimedWait, timedWait } from './timed_wait.js';

export const models: readonly ModelFamily[] = [
  messagePassing,
  relaxedMessagePassing,
  storeBuffering,
  relaxedStoreBuffering,
  livepatch,
  semaphore,
  bustedSemaphore,
  condvar,
  bustedCondvar,
  barrier,
  bustedBarrier,
  timedWait,
  bustedTimedWait,
];
