// SPDX-License-Identifier: GPL-2.0-only
/** One actor of a lab on its own thread: waits for the others, runs its job, reports the result. */
import { parentPort, workerData } from 'node:worker_threads';
import { rcu_eqs_enter, rcu_eqs_exit } from '#src/kernel/rcu/tree.js';
import { fetch_add, futex_wait, futex_wake, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { jobs } from './jobs.js';
import { type Lab, lab_area, labArea, labKernel } from './lab.js';

const { lab, actor, crew, job, args } = workerData as {
  lab: Lab;
  actor: number;
  crew: number;
  job: string;
  args: Record<string, number | string> | undefined;
};
const run = jobs[job];
if (run === undefined) throw new Error(`no job ${job}`);
const k = labKernel(lab, actor);
const area = labArea(lab);
if (fetch_add(k, area, lab_area.ready, 1) + 1 === crew) {
  WRITE_ONCE(k, area, lab_area.go, 1);
  futex_wake(k, area, lab_area.go, Number.POSITIVE_INFINITY);
}
while (READ_ONCE(k, area, lab_area.go) === 0) futex_wait(k, area, lab_area.go, 0, Number.POSITIVE_INFINITY);
rcu_eqs_exit(k);
k.trace.unpark();
const result = run(k, lab, args ?? {});
rcu_eqs_enter(k);
k.trace.park();
parentPort?.postMessage(result);
