// SPDX-License-Identifier: GPL-2.0-only
/** Runs jobs on real worker threads, one actor each, all started at once. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { mutex, task_struct } from '#src/kernel/abi/structs.js';
import { type Lab, lab_area, labTask } from './lab.js';

export interface Job {
  readonly job: string;
  readonly args?: Record<string, number | string>;
  /** Default: the control path `lab.cpus + i` for job i. */
  readonly actor?: number;
}

export interface CrewResult {
  /** What each job returned, in the order of the jobs. */
  readonly results: number[];
  /** Wake-ups that the last actor at work had to be given from outside. */
  readonly rescued: number;
}

/** Where tsc has put the worker: tests are run from their sources, workers from dist. */
function workerFile(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return join(dir, 'dist/test/support/locking/worker.js');
}

/**
 * `rcu` adds the RCU thread as the actor after them.
 *
 * When only one actor is left, nobody can wake it any more: if it still sleeps then its wake-up was lost. It is woken
 * from outside, and that is counted.
 */
export async function runCrew(lab: Lab, jobs: readonly Job[], rcu = false): Promise<CrewResult> {
  const crew: Job[] = rcu ? [...jobs, { job: 'rcu_thread' }] : [...jobs];
  const words = new Int32Array(lab.heap);
  const results: number[] = jobs.map(() => 0);
  const ends: Promise<void>[] = [];
  const working = new Set<number>();
  crew.forEach((job, i) => {
    const actor = job.actor ?? lab.cpus + i;
    if (i < jobs.length) working.add(actor);
    const workerData = { lab, crew: crew.length, ...job, actor };
    const worker = new Worker(workerFile(), { workerData });
    ends.push(
      new Promise((resolve, reject) => {
        worker.on('message', (result: number) => {
          if (i < jobs.length) results[i] = result;
          working.delete(actor);
        });
        worker.on('error', (error) => {
          working.delete(actor);
          reject(error);
        });
        worker.on('exit', () => resolve());
      }),
    );
  });
  const all = Promise.all(ends);
  /* Its rejection is seen by the await below; until then it must not count as unhandled. */
  all.catch(() => {});
  let rescued = 0;
  while (working.size > 0) {
    if (working.size === 1) for (const actor of working) rescued += rescue(lab, words, actor);
    await new Promise((resolve) => setImmediate(resolve));
  }
  Atomics.store(words, lab.area + lab_area.stop, 1);
  await all;
  return { results, rescued };
}

/** Wakes the actor if it sleeps on its task's state or on the lab's free mutex. */
function rescue(lab: Lab, words: Int32Array, actor: number): number {
  const val = lab.area + lab_area.mtx + mutex.val;
  if (Atomics.load(words, val) === 0 && Atomics.notify(words, val, 1) > 0) return 1;
  const state = labTask(lab, actor) + task_struct.__state;
  const asleep = Atomics.load(words, state);
  if (asleep === 0 || Atomics.notify(words, state, 1) === 0) return 0;
  Atomics.compareExchange(words, state, asleep, 0);
  Atomics.notify(words, state, 1);
  return 1;
}
