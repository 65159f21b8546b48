// SPDX-License-Identifier: GPL-2.0-only
/** Two control paths on two threads take the reader side of a lock as fast as they can. */
import { Worker } from 'node:worker_threads';
import type { ControlRole } from '../../src/machine/plan.js';
import type { ReaderOrder, ReaderReply, ReaderTask } from '../workers/reader.js';
import { type Spread, spread } from '../statistics.js';
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
/** Sections of each reader in a round: long beside the start of a thread's turn. */
const SECTIONS = { percpu: 100_000, refcount: 10_000 } as const;
/** Rounds that only warm up. */
const WARM = 4;

export async function contend(machine: SoloMachine): Promise<Contended> {
  /* [arrived]: the readers of a round set off together. */
  const gate = new SharedArrayBuffer(4);
  const workers = ROLES.map((role) => {
    const workerData: ReaderTask = { shared: machine.shared, role, gate };
    return new Worker(new URL('../workers/reader.js', import.meta.url), { workerData });
  });
  try {
    const percpuNs: number[] = [];
    const refcountNs: number[] = [];
    let arrivals = 0;
    for (let round = -WARM; round < ROUNDS; round++) {
      const flavours = round % 2 === 0 ? (['percpu', 'refcount'] as const) : (['refcount', 'percpu'] as const);
      for (const flavour of flavours) {
        arrivals += ROLES.length;
        const order: ReaderOrder = { flavour, sections: SECTIONS[flavour], arrivals };
        const ns = await Promise.all(workers.map((w) => turn(w, order)));
        const each = ns.reduce((a, b) => a + b, 0) / ns.length / order.sections;
        if (round >= 0) (flavour === 'percpu' ? percpuNs : refcountNs).push(each);
      }
    }
    const ratio = spread(refcountNs.map((x, i) => x / (percpuNs[i] as number)));
    return { percpuNs: spread(percpuNs), refcountNs: spread(refcountNs), ratio };
  } finally {
    await Promise.all(workers.map((w) => w.terminate()));
  }
}

/** ns that the reader took for its sections. Rejects if the worker dies. */
function turn(worker: Worker, order: ReaderOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (reply: ReaderReply) => {
      settle();
      resolve(reply.ns);
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
