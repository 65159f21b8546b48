// SPDX-License-Identifier: GPL-2.0-only
/** Who gets a lock before whom: a conductor holds it while the others queue up one by one. */
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import { rwlock } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { cpu_relax, set_actor_state } from '#src/kernel/sched/preempt.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { lock_of } from './exclusion_jobs.js';
import type { Args, RunJob } from './jobs.js';
import { type Lab, lab_area, labArea } from './lab.js';
import { rwsem_waiters } from './locks.js';
import { await_step, log, logged, relax, set_step, state_of } from './steps.js';

const WAITING: readonly number[] = [
  ACTOR_STATE.spin_lock,
  ACTOR_STATE.read_lock,
  ACTOR_STATE.write_lock,
  ACTOR_STATE.mutex_lock,
  ACTOR_STATE.rwsem_read,
  ACTOR_STATE.rwsem_write,
  ACTOR_STATE.rcuwait,
];

/** Actor n of the queue waits for the lock, or has got past it. */
function arrived(k: Kernel, lab: Lab, n: number, args: Args): boolean {
  if (logged(k, lab, n)) return true;
  if (args.queued) return rwsem_waiters(k, lab) >= n;
  if (!WAITING.includes(state_of(k, lab.cpus + n))) return false;
  /* A writer that waits for the rwlock is past the point when it has set the waiting bit. */
  const cnts = READ_ONCE(k, embedded(labArea(lab), lab_area.rw), rwlock.cnts);
  return args.lock === 'rwlock' || args.lock === 'rwlock, readers first' ? (cnts & 0x100) !== 0 : true;
}

/** Job 0: takes the lock in `role`, lets actors 1..n queue up in this order, logs 0, lets go. */
function conduct(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  set_actor_state(k, ACTOR_STATE.running, 0);
  if (args.role === 'reader') lock.read(k, lab);
  else lock.write(k, lab);
  for (let n = 1; n <= Number(args.n); n++) {
    set_step(k, lab, n);
    while (!arrived(k, lab, n, args)) cpu_relax(k);
    relax(k, 300);
  }
  log(k, lab, 0);
  if (args.role === 'reader') lock.read_done(k, lab);
  else lock.write_done(k, lab);
  return 0;
}

/** Job n: comes at step n, logs its number when it is in. */
function queue(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  const n = Number(args.n);
  set_actor_state(k, ACTOR_STATE.running, 0);
  await_step(k, lab, n);
  if (args.role === 'reader') lock.read(k, lab);
  else lock.write(k, lab);
  log(k, lab, n);
  relax(k, 300);
  if (args.role === 'reader') lock.read_done(k, lab);
  else lock.write_done(k, lab);
  return 0;
}

export const order_jobs: Record<string, RunJob> = { conduct, queue };
