// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping on a word of shared memory, and waking a real thread that does. */
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  FUTEX_NOT_EQUAL,
  FUTEX_TIMED_OUT,
  FUTEX_WOKEN,
  futex_wait,
  futex_wake,
  type Mem,
  READ_ONCE,
  WRITE_ONCE,
} from '#src/mem/heap.js';
import { AREA, AREA_BYTES, type FutexPeerData, futex_area } from '../support/futex_peer.js';

function fresh(): { heap: SharedArrayBuffer; m: Mem } {
  const heap = new SharedArrayBuffer(AREA_BYTES);
  return { heap, m: { i32: new Int32Array(heap) } };
}

describe('futex_wait', () => {
  it('does not sleep if the word has changed already', () => {
    const { m } = fresh();
    WRITE_ONCE(m, AREA, futex_area.word, 1);
    expect(futex_wait(m, AREA, futex_area.word, 0, Number.POSITIVE_INFINITY)).toBe(FUTEX_NOT_EQUAL);
  });

  it('ends after its time if nobody wakes it', () => {
    expect(futex_wait(fresh().m, AREA, futex_area.word, 0, 1)).toBe(FUTEX_TIMED_OUT);
  });
});

describe('futex_wake', () => {
  it('wakes nobody where nobody sleeps', () => {
    expect(futex_wake(fresh().m, AREA, futex_area.word, 1)).toBe(0);
  });

  it('wakes a thread that sleeps on the word, and no other word', async () => {
    const { heap, m } = fresh();
    const workerData: FutexPeerData = { futexPeer: heap };
    const peer = new Worker(new URL('../../dist/test/support/futex_peer.js', import.meta.url), {
      workerData,
    });
    const left = new Promise<number>((resolve, reject) => {
      peer.once('exit', resolve);
      peer.once('error', reject);
    });
    /* A wake that reaches one sleeper proves that it slept. The word is unchanged: the peer sleeps again. */
    for (let woken = 0; woken === 0; woken = futex_wake(m, AREA, futex_area.word, 1)) {
      expect(futex_wake(m, AREA, futex_area.result, 1)).toBe(0);
      await turn();
    }
    expect(READ_ONCE(m, AREA, futex_area.result)).toBe(0);
    WRITE_ONCE(m, AREA, futex_area.word, 1);
    futex_wake(m, AREA, futex_area.word, 1);
    expect(await left).toBe(0);
    /* Woken, or it came to sleep after the word had changed. */
    expect([FUTEX_WOKEN + 1, FUTEX_NOT_EQUAL + 1]).toContain(READ_ONCE(m, AREA, futex_area.result));
  });
});
