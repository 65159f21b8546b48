// SPDX-License-Identifier: GPL-2.0-only
/** Sections that go wrong in a way one can see when two actors are in them at once. */
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { cpu_relax, set_actor_state } from '#src/kernel/sched/preempt.js';
import { fetch_add, load, READ_ONCE, store } from '#src/mem/heap.js';
import type { Args, RunJob } from './jobs.js';
import { type Lab, lab_area, labArea } from './lab.js';
import { type LabLock, locks } from './locks.js';
import { relax } from './steps.js';

export function lock_of(args: Args): LabLock {
  const lock = locks[String(args.lock)];
  if (lock === undefined) throw new Error(`no lock ${args.lock}`);
  return lock;
}

/**
 * The middle of a section: up to `turns` pauses, in the hope that somebody comes in who may not. If somebody does, a
 * little longer, so that both see it.
 */
function linger(k: Kernel, lab: Lab, turns: number, writers: number): void {
  const area = labArea(lab);
  for (let i = 0; i < turns; i++) {
    cpu_relax(k);
    if (READ_ONCE(k, area, lab_area.writers) <= writers) {
      if (writers === 0 || READ_ONCE(k, area, lab_area.readers) === 0) continue;
    }
    relax(k, 300);
    return;
  }
}

/** `rounds` times: a plain increment with a pause in its middle, and two words that must be equal outside. */
function write(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  const area = labArea(lab);
  set_actor_state(k, ACTOR_STATE.running, 0);
  for (let i = 0; i < Number(args.rounds); i++) {
    lock.write(k, lab);
    const others = fetch_add(k, area, lab_area.writers, 1) + READ_ONCE(k, area, lab_area.readers);
    if (others !== 0) fetch_add(k, area, lab_area.overlaps, 1);
    const v = load(k, area, lab_area.counter) + 1;
    store(k, area, lab_area.a, v);
    linger(k, lab, Number(args.turns), 1);
    store(k, area, lab_area.b, v);
    store(k, area, lab_area.counter, v);
    fetch_add(k, area, lab_area.writers, -1);
    lock.write_done(k, lab);
  }
  return 0;
}

/** `rounds` times: the two words. Returns how often they differed. */
function read(k: Kernel, lab: Lab, args: Args): number {
  const lock = lock_of(args);
  const area = labArea(lab);
  let torn = 0;
  set_actor_state(k, ACTOR_STATE.running, 0);
  for (let i = 0; i < Number(args.rounds); i++) {
    lock.read(k, lab);
    fetch_add(k, area, lab_area.readers, 1);
    if (READ_ONCE(k, area, lab_area.writers) !== 0) fetch_add(k, area, lab_area.overlaps, 1);
    const a = load(k, area, lab_area.a);
    linger(k, lab, Number(args.turns), 0);
    if (load(k, area, lab_area.a) !== a || load(k, area, lab_area.b) !== a) torn++;
    fetch_add(k, area, lab_area.readers, -1);
    lock.read_done(k, lab);
  }
  return torn;
}

export const exclusion_jobs: Record<string, RunJob> = { write, read };
