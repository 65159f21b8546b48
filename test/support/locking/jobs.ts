// SPDX-License-Identifier: GPL-2.0-only
/** What the actors of a lab do. Each job returns a number; the rest is in the lab's area. */
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { rcu_gp_kthread_pass } from '#src/kernel/rcu/tree.js';
import { set_actor_state } from '#src/kernel/sched/preempt.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { exclusion_jobs } from './exclusion_jobs.js';
import { type Lab, lab_area, labArea } from './lab.js';
import { order_jobs } from './order_jobs.js';
import { rcu_jobs } from './rcu_jobs.js';
import { wakeup_jobs } from './wakeup_jobs.js';

export type Args = Record<string, number | string>;
export type RunJob = (k: Kernel, lab: Lab, args: Args) => number;

/** Serves callbacks until the crew is done. */
function rcu_thread(k: Kernel, lab: Lab): number {
  let served = 0;
  while (READ_ONCE(k, labArea(lab), lab_area.stop) === 0) served += rcu_gp_kthread_pass(k, 1);
  return served;
}

/** An actor that is there and does nothing. */
function idle(k: Kernel): number {
  set_actor_state(k, ACTOR_STATE.running, 0);
  return 0;
}

export const jobs: Record<string, RunJob> = {
  rcu_thread,
  idle,
  ...exclusion_jobs,
  ...order_jobs,
  ...wakeup_jobs,
  ...rcu_jobs,
};
