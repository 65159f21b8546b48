// SPDX-License-Identifier: GPL-2.0-only
/** Sleepers and those who must wake them. */
import { ACTOR_STATE, TASK_UNINTERRUPTIBLE } from '#src/kernel/abi/constants.js';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { mutex } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { complete, wait_for_completion } from '#src/kernel/locking/completion.js';
import {
  finish_wait,
  init_wait_entry,
  own_wait_entry,
  prepare_to_wait,
  WAKE_AUTOREMOVE,
  wake_up,
} from '#src/kernel/locking/wait.js';
import { cpu_relax, set_actor_state } from '#src/kernel/sched/preempt.js';
import { schedule } from '#src/kernel/sched/wait_task.js';
import { READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { lock_of } from './exclusion_jobs.js';
import type { Args, RunJob } from './jobs.js';
import { type Lab, lab_area, labArea } from './lab.js';
import { await_asleep, await_state, await_step, relax, set_step } from './steps.js';

const ip = _THIS_IP_.test;

/** Holds the lock until the actor after it sleeps for it. */
function hold(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  set_actor_state(k, ACTOR_STATE.running, 0);
  if (args.role === 'reader') lock.read(k, lab);
  else lock.write(k, lab);
  set_step(k, lab, 1);
  if (args.wait === 'mutex') {
    const val = embedded(labArea(lab), lab_area.mtx);
    while (READ_ONCE(k, val, mutex.val) !== 2) cpu_relax(k);
    /* The futex word is marked; the sleep comes next, and cannot be seen from here. */
    relax(k, 2000);
  } else {
    await_state(k, lab.cpus + 1, Number(args.wait));
    await_asleep(k, lab.cpus + 1);
    relax(k, 500);
  }
  if (args.role === 'reader') lock.read_done(k, lab);
  else lock.write_done(k, lab);
  return 0;
}

/** Takes the lock for writing once it is held. */
function take(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  set_actor_state(k, ACTOR_STATE.running, 0);
  await_step(k, lab, 1);
  lock.write(k, lab);
  lock.write_done(k, lab);
  return 0;
}

/**
 * Waits for the counter. The waker comes between its look at the counter and its sleep; busted: the look comes before
 * it has queued and set its state, so the wake-up finds nobody.
 */
function wq_wait(k: Kernel, lab: Lab, args: Args): number {
  const area = labArea(lab);
  const wq = embedded(area, lab_area.wq);
  const entry = own_wait_entry(k);
  init_wait_entry(k, entry, WAKE_AUTOREMOVE);
  set_actor_state(k, ACTOR_STATE.wait_event, wq);
  if (args.busted) {
    const seen = READ_ONCE(k, area, lab_area.counter);
    set_step(k, lab, 1);
    await_step(k, lab, 2);
    prepare_to_wait(k, wq, entry, TASK_UNINTERRUPTIBLE, ip);
    if (seen === 0) schedule(k);
  } else {
    for (;;) {
      prepare_to_wait(k, wq, entry, TASK_UNINTERRUPTIBLE, ip);
      const seen = READ_ONCE(k, area, lab_area.counter);
      if (seen !== 0) break;
      set_step(k, lab, 1);
      await_step(k, lab, 2);
      schedule(k);
    }
  }
  finish_wait(k, wq, entry, ip);
  return 0;
}

function wq_wake(k: Kernel, lab: Lab): number {
  const area = labArea(lab);
  await_step(k, lab, 1);
  WRITE_ONCE(k, area, lab_area.counter, 1);
  wake_up(k, embedded(area, lab_area.wq), 1, 0, ip);
  set_step(k, lab, 2);
  return 0;
}

/** `rounds` times to and fro over two completions; `first` begins. Returns the rounds it made. */
function ping_pong(k: Kernel, lab: Lab, args: Args): number {
  const area = labArea(lab);
  const mine = embedded(area, args.first ? lab_area.done : lab_area.done2);
  const theirs = embedded(area, args.first ? lab_area.done2 : lab_area.done);
  let rounds = 0;
  for (; rounds < Number(args.rounds); rounds++) {
    if (args.first) complete(k, theirs);
    wait_for_completion(k, mine, ip);
    if (!args.first) complete(k, theirs);
  }
  return rounds;
}

/** Takes and gives the lock, writer and reader by turns: with an odd and an even actor all meet all. */
function churn(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  let rounds = 0;
  set_actor_state(k, ACTOR_STATE.running, 0);
  for (; rounds < Number(args.rounds); rounds++) {
    if ((rounds + k.actor) % 2 === 0) {
      lock.read(k, lab);
      if (rounds % 16 === 0) relax(k, 120);
      lock.read_done(k, lab);
    } else {
      lock.write(k, lab);
      if (rounds % 16 === 0) relax(k, 120);
      lock.write_done(k, lab);
    }
  }
  return rounds;
}

export const wakeup_jobs: Record<string, RunJob> = { hold, take, wq_wait, wq_wake, ping_pong, churn };
