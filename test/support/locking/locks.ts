// SPDX-License-Identifier: GPL-2.0-only
/** The locks under test behind one face, and their busted partners: the same lock with one thing wrong. */

import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import {
  cpu_hotplug_refcount,
  mutex,
  percpu,
  percpu_rw_semaphore,
  rwlock,
  wait_queue_head,
} from '#src/kernel/abi/structs.js';
import {
  cpus_read_lock,
  cpus_read_unlock,
  cpus_write_lock,
  cpus_write_unlock,
} from '#src/kernel/cpu/hotplug_lock.js';
import type { Kernel } from '#src/kernel/kernel.js';
import {
  cpu_hotplug_begin,
  cpu_hotplug_done,
  get_online_cpus,
  put_online_cpus,
} from '#src/kernel/locking/cpu_hotplug_refcount.js';
import { lock_release, might_sleep } from '#src/kernel/locking/lockdep.js';
import { mutex_lock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import {
  percpu_down_read,
  percpu_down_write,
  percpu_up_read,
  percpu_up_write,
} from '#src/kernel/locking/percpu_rwsem.js';
import { rcuwait_wake_up } from '#src/kernel/locking/rcuwait.js';
import { read_lock, read_unlock, write_lock, write_unlock } from '#src/kernel/locking/rwlock.js';
import { raw_spin_lock, raw_spin_trylock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { cpu_relax } from '#src/kernel/sched/preempt.js';
import { fetch_add, load, WRITE_ONCE } from '#src/mem/heap.js';
import { element, embedded } from '#src/mem/layout.js';
import { list_next_rcu } from '#src/mem/list.js';
import { type Lab, lab_area, labArea } from './lab.js';

export interface LabLock {
  read(k: Kernel, lab: Lab): void;
  read_done(k: Kernel, lab: Lab): void;
  write(k: Kernel, lab: Lab): void;
  write_done(k: Kernel, lab: Lab): void;
}

const ip = _THIS_IP_.test;
type Step = (k: Kernel, lab: Lab) => void;

function exclusive(lock: Step, unlock: Step): LabLock {
  return { read: lock, read_done: unlock, write: lock, write_done: unlock };
}

const spin = (lab: Lab) => embedded(labArea(lab), lab_area.spin);
const rw = (lab: Lab) => embedded(labArea(lab), lab_area.rw);
const mtx = (lab: Lab) => embedded(labArea(lab), lab_area.mtx);
const sem = (lab: Lab) => embedded(labArea(lab), lab_area.sem);
const refcount = (lab: Lab) => embedded(labArea(lab), lab_area.refcount);
const nothing: Step = (k) => cpu_relax(k);

const rwlocks: LabLock = {
  read: (k, lab) => read_lock(k, rw(lab), ip),
  read_done: (k, lab) => read_unlock(k, rw(lab)),
  write: (k, lab) => write_lock(k, rw(lab), ip),
  write_done: (k, lab) => write_unlock(k, rw(lab)),
};
const mutexes = exclusive(
  (k, lab) => mutex_lock(k, mtx(lab), ip),
  (k, lab) => mutex_unlock(k, mtx(lab)),
);
const rwsems: LabLock = {
  read: (k, lab) => percpu_down_read(k, sem(lab), ip),
  read_done: (k, lab) => percpu_up_read(k, sem(lab)),
  write: (k, lab) => percpu_down_write(k, sem(lab), ip),
  write_done: (k, lab) => percpu_up_write(k, sem(lab)),
};
const refcounts: LabLock = {
  read: (k, lab) => get_online_cpus(k, refcount(lab), ip),
  read_done: (k, lab) => put_online_cpus(k, refcount(lab)),
  write: (k, lab) => cpu_hotplug_begin(k, refcount(lab), ip),
  write_done: (k, lab) => cpu_hotplug_done(k, refcount(lab)),
};

function count_reader(k: Kernel, lab: Lab, n: number): void {
  const index = load(k, sem(lab), percpu_rw_semaphore.read_count_index);
  const word = element(percpu.read_count, index);
  WRITE_ONCE(k, k.me, word, load(k, k.me, word) + n);
}

/** Forgets to wake the sleeper: the store without the look at who waits. */
function mutex_unlock_silent(k: Kernel, lab: Lab): void {
  lock_release(k, mtx(lab), load(k, mtx(lab), mutex.dep_map));
  WRITE_ONCE(k, mtx(lab), mutex.owner, -(k.actor + 1));
  WRITE_ONCE(k, mtx(lab), mutex.val, 0);
}

/** Leaves without prodding the writer (rcuwait_wake_up). */
function percpu_up_read_silent(k: Kernel, lab: Lab): void {
  lock_release(k, sem(lab), load(k, sem(lab), percpu_rw_semaphore.dep_map));
  count_reader(k, lab, -1);
}

/** Leaves without a look at the queue of the writer. */
function put_online_cpus_silent(k: Kernel, lab: Lab): void {
  lock_release(k, refcount(lab), load(k, refcount(lab), cpu_hotplug_refcount.dep_map));
  fetch_add(k, refcount(lab), cpu_hotplug_refcount.refcount, -1);
}

export const locks: Record<string, LabLock> = {
  raw_spinlock: exclusive(
    (k, lab) => raw_spin_lock(k, spin(lab), ip),
    (k, lab) => raw_spin_unlock(k, spin(lab)),
  ),
  raw_spin_trylock: exclusive(
    (k, lab) => {
      while (!raw_spin_trylock(k, spin(lab), ip)) cpu_relax(k);
    },
    (k, lab) => raw_spin_unlock(k, spin(lab)),
  ),
  rwlock: rwlocks,
  mutex: mutexes,
  percpu_rwsem: rwsems,
  refcount: refcounts,
  hotplug_lock: {
    read: (k) => cpus_read_lock(k, ip),
    read_done: (k) => cpus_read_unlock(k),
    write: (k) => cpus_write_lock(k, ip),
    write_done: (k) => cpus_write_unlock(k),
  },
  /* busted: no lock at all; no lock for readers */
  none: exclusive(nothing, nothing),
  'rwlock, readers without': { ...rwlocks, read: nothing, read_done: nothing },
  'refcount, readers without': { ...refcounts, read: (k) => might_sleep(k, 'test', 0), read_done: nothing },
  /* busted: readers that stay on the fast path though a writer has sent them to the slow one */
  'percpu_rwsem, fast path only': {
    ...rwsems,
    read: (k, lab) => {
      might_sleep(k, 'test', 0);
      count_reader(k, lab, 1);
    },
    read_done: (k, lab) => {
      count_reader(k, lab, -1);
      rcuwait_wake_up(k, embedded(sem(lab), percpu_rw_semaphore.writer), ip);
    },
  },
  /* busted: a reader that only looks whether a writer is inside and passes those that wait */
  'rwlock, readers first': {
    ...rwlocks,
    read: (k, lab) => {
      fetch_add(k, rw(lab), rwlock.cnts, 0x200);
      while ((fetch_add(k, rw(lab), rwlock.cnts, 0) & 0xff) !== 0) cpu_relax(k);
    },
    read_done: (k, lab) => {
      fetch_add(k, rw(lab), rwlock.cnts, -0x200);
    },
  },
  /* busted: unlock paths that wake nobody */
  'mutex, silent': { ...mutexes, write_done: mutex_unlock_silent },
  'refcount, silent': { ...refcounts, read_done: put_online_cpus_silent },
  'percpu_rwsem, silent': { ...rwsems, read_done: percpu_up_read_silent },
};

/** Number of waiters on the rwsem's queue: a racy walk, so that the queue stays as it is. */
export function rwsem_waiters(k: Kernel, lab: Lab): number {
  const head = embedded(embedded(sem(lab), percpu_rw_semaphore.waiters), wait_queue_head.head);
  let n = 0;
  let node = list_next_rcu(k, head);
  while (node !== head && n < lab.actors) {
    n++;
    node = list_next_rcu(k, node);
  }
  return n;
}
