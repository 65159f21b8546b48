// SPDX-License-Identifier: GPL-2.0-only
/** A running machine of sleeping tasks, with a worker of ours that makes transitions over them. */
import { Worker } from 'node:worker_threads';
import { createThreadsMachine } from '../../src/engine/threads/machine.js';
import type { TransitionOrder, TransitionReply, TransitionTask } from '../workers/transition.js';
import { benchScenario, call, fn } from './scenario.js';

export interface Sleepers {
  readonly tasks: number;
  /** Of the heap and all other memory that the threads share. */
  readonly heapBytes: number;
  readonly sharedBytes: number;
  readonly taskWords: number;
  transitions(cycles: number): Promise<TransitionReply>;
  end(): Promise<void>;
}

/** Sleepers stand two calls deep, not in the function that is patched. One idle CPU serves the grace periods. */
export async function startSleepers(tasks: number): Promise<Sleepers> {
  const scenario = benchScenario({
    functions: [
      fn('do_wait', true, []),
      fn('sys_wait', true, [call('do_wait'), call('patched')]),
      fn('patched', true, []),
    ],
    patches: [{ name: 'patch', functions: [{ fn: 'patched', body: null }] }],
    programs: [{ kind: 'sleeper', name: 'sleeper', tasks, stack: ['sys_wait', 'do_wait'] }],
  });
  const machine = createThreadsMachine(scenario, { trace: 'off', lockStat: false });
  const { shared } = machine;
  await machine.ready();
  machine.start();
  const workerData: TransitionTask = { shared };
  const worker = new Worker(new URL('../workers/transition.js', import.meta.url), { workerData });
  return {
    tasks,
    heapBytes: shared.heap.byteLength,
    sharedBytes:
      shared.heap.byteLength +
      shared.counters.byteLength +
      shared.lockStat.stats.byteLength +
      shared.trace.rings.reduce((n, ring) => n + ring.byteLength, shared.trace.clock.byteLength),
    taskWords: shared.plan.slabs.task.words + 1 + shared.plan.config.stack_words,
    transitions: (cycles) =>
      new Promise((resolve, reject) => {
        const order: TransitionOrder = { cycles };
        worker.once('error', reject);
        worker.once('message', (reply: TransitionReply) => {
          worker.off('error', reject);
          resolve(reply);
        });
        machine.died.then(({ error }) => reject(error));
        worker.postMessage(order);
      }),
    end: async () => {
      await worker.terminate();
      machine.stop();
      await machine.controlsDone;
      machine.halt();
      await machine.allDone;
      await machine.dispose();
    },
  };
}
