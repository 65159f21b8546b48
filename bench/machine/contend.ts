// SPDX-License-Identifier: GPL-2.0-only
/** Two control paths on two threads take the reader side of a lock as fast as they can. */
import { Worker } from 'node:worker_threads';
import type { ControlRole } from '../../src/kernel/abi/actors.js';
import { type Spread, spread } from '../statistics.js';
import { GATE_BYTES, type ReaderOrder, type ReaderReply, type ReaderTask } from './reader_orders.js';
import type { SoloMachine } from './solo.js';

export interface Contended {
  /** ns for each lock + unlock of one reader. */
  readonly percpuNs: Spread;
  readonly refcountNs: Spread;
  /** Refcount over percpu, of the same round. */
  readonly ratio: Spread;
}

const ROLES: readonly ControlRole[] = ['hotplug', 'third'];
const ROUNDS = 40;
/** Of the reader that ends the round: long beside the time in which a host thread wakes up. */
const SECTIONS = 100_000;
/** Rounds that only warm up. */
const WARM = 4;

export async function contend(machine: SoloMachine): Promise<Contended> {
  const gate = new SharedArrayBuffer(GATE_BYTES);
  const workers = ROLES.map((role) => {
    const workerData: ReaderTask = { shared: machine.shared, role, gate };
    return new Worker(new URL('../workers/reader.js', import.meta.url), { workerData });
  });
  try {
    const percpuNs: number[] = [];
    const refcountNs: number[] = [];
    let turns = 0;
    for (let round = -WARM; round < ROUNDS; round++) {
      const flavours =
        round % 2 === 0 ? (['percpu', 'refcount'] as const) : (['refcount', 'percpu'] as const);
      for (const flavour of flavours) {
        turns++;
        const order: ReaderOrder = { flavour, round: turns, readers: ROLES.length, sections: SECTIONS };
        const replies = await Promise.all(workers.map((w) => turn(w, order)));
        if (round < 0) continue;
        /* A reader that got fewer sections in the same time paid more for each. */
        const ns = replies.reduce((n, r) => n + r.ns, 0) / replies.reduce((n, r) => n + r.sections, 0);
        (flavour === 'percpu' ? percpuNs : refcountNs).push(ns);
      }
    }
    const ratio = spread(refcountNs.map((x, i) => x / (percpuNs[i] as number)));
    return { percpuNs: spread(percpuNs), refcountNs: spread(refcountNs), ratio };
  } finally {
    await Promise.all(workers.map((w) => w.terminate()));
  }
}

/** Rejects if the worker dies. */
function turn(worker: Worker, order: ReaderOrder): Promise<ReaderReply> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (reply: ReaderReply) => {
      settle();
      resolve(reply);
    };
    const onError = (error: Error) => {
      settle();
      reject(error);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(order);
  });
}
