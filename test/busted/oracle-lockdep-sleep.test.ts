// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping with a spinlock held or preemption off, in every function that may sleep, slept or not. */
import { expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { complete, wait_for_completion } from '#src/kernel/locking/completion.js';
import { get_online_cpus, put_online_cpus } from '#src/kernel/locking/cpu_hotplug_refcount.js';
import { mutex_lock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import { percpu_down_read, percpu_up_read } from '#src/kernel/locking/percpu_rwsem.js';
import { raw_spin_lock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { rcu_eqs_exit, synchronize_rcu } from '#src/kernel/rcu/tree.js';
import { preempt_disable, preempt_enable } from '#src/kernel/sched/preempt.js';
import { schedule } from '#src/kernel/sched/wait_task.js';
import { embedded, type Ptr } from '#src/mem/layout.js';
import { lockdepLab } from '../support/lockdep.js';
import { lab_area, labArea } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;

const sleepers: Record<string, (k: Kernel, area: Ptr<'lab_area'>) => void> = {
  mutex_lock: (k, area) => {
    const mtx = embedded(area, lab_area.mtx);
    mutex_lock(k, mtx, ip);
    mutex_unlock(k, mtx);
  },
  percpu_down_read: (k, area) => {
    const sem = embedded(area, lab_area.sem);
    percpu_down_read(k, sem, ip);
    percpu_up_read(k, sem);
  },
  get_online_cpus: (k, area) => {
    const refcount = embedded(area, lab_area.refcount);
    get_online_cpus(k, refcount, ip);
    put_online_cpus(k, refcount);
  },
  wait_for_completion: (k, area) => {
    const done = embedded(area, lab_area.done);
    complete(k, done);
    wait_for_completion(k, done, ip);
  },
  synchronize_rcu: (k) => synchronize_rcu(k),
  schedule: (k) => schedule(k),
};

/** What the actor cannot do at all then throws, after it was told. */
function tolerant(job: () => void): void {
  try {
    job();
  } catch {
    /* Told already: see the violations. */
  }
}

it.each(Object.entries(sleepers))('%s under a spinlock', (name, sleep) => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  rcu_eqs_exit(k);
  const spin = embedded(labArea(l.lab), lab_area.spin);
  raw_spin_lock(k, spin, _THIS_IP_.bench);
  tolerant(() => sleep(k, labArea(l.lab)));
  const found = l.lockdep.violations.filter((v) => v.summary.startsWith(`${name} may sleep`));
  expect(new Set(l.codes())).toEqual(new Set(['LOCKDEP-SLEEP']));
  expect(found).toHaveLength(1);
  expect(found[0]?.summary).toContain('with preemption off (1), holding pool->lock (bench)');
});

it.each(Object.entries(sleepers))('%s after it is given back', (_, sleep) => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  rcu_eqs_exit(k);
  const spin = embedded(labArea(l.lab), lab_area.spin);
  raw_spin_lock(k, spin, _THIS_IP_.bench);
  raw_spin_unlock(k, spin);
  sleep(k, labArea(l.lab));
  l.lockdep.end();
  expect(l.codes()).toEqual([]);
});

it('in a section without preemption and without a lock', () => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  preempt_disable(k);
  sleepers.mutex_lock?.(k, labArea(l.lab));
  preempt_enable(k);
  expect(l.codes()).toEqual(['LOCKDEP-SLEEP']);
});
