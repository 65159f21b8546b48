// SPDX-License-Identifier: GPL-2.0-only
/** A second thread for the tests of the futex interface: says that it is there, sleeps on a word, tells how it woke. */
import { isMainThread, workerData } from 'node:worker_threads';
import { futex_wait, futex_wake, type Mem, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { i32, type Ptr, struct } from '#src/mem/layout.js';

export const futex_area = struct('futex_area', {
  /** Set by the peer just before it sleeps. */
  ready: i32,
  /** What it sleeps on while it is 0. */
  word: i32,
  /** What its futex_wait returned, plus 1. */
  result: i32,
});

/** Anywhere but at NULL. */
export const AREA = 8 as Ptr<'futex_area'>;
export const AREA_BYTES = (AREA + futex_area.$words) * 4;

/** What the main thread hands to the peer. */
export interface FutexPeerData {
  readonly futexPeer: SharedArrayBuffer;
}

function sleepOnce(heap: SharedArrayBuffer): void {
  const m: Mem = { i32: new Int32Array(heap) };
  WRITE_ONCE(m, AREA, futex_area.ready, 1);
  futex_wake(m, AREA, futex_area.ready, 1);
  let how = 0;
  while (READ_ONCE(m, AREA, futex_area.word) === 0) {
    how = futex_wait(m, AREA, futex_area.word, 0, Number.POSITIVE_INFINITY);
  }
  WRITE_ONCE(m, AREA, futex_area.result, how + 1);
}

if (!isMainThread && workerData?.futexPeer !== undefined) sleepOnce((workerData as FutexPeerData).futexPeer);
