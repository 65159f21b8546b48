// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping with a spinlock held or preemption off, in every function that may sleep, slept or not. */
import { expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { percpu, vmlinux } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { complete, wait_for_completion } from '#src/kernel/locking/completion.js';
import { get_online_cpus, put_online_cpus } from '#src/kernel/locking/cpu_hotplug_refcount.js';
import { mutex_lock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import { percpu_down_read, percpu_up_read } from '#src/kernel/locking/percpu_rwsem.js';
import { raw_spin_lock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { rcu_eqs_exit, rcu_gp_kthread_pass, synchronize_rcu } from '#src/kernel/rcu/tree.js';
import { __schedule } from '#src/kernel/sched/core.js';
import { delayed_work_due } from '#src/kernel/sched/delayed_work.js';
import { preempt_disable, preempt_enable } from '#src/kernel/sched/preempt.js';
import { schedule } from '#src/kernel/sched/wait_task.js';
import { kernelView } from '#src/machine/view.js';
import { embedded, type Ptr } from '#src/mem/layout.js';
import { Lockdep } from '#src/oracle/lockdep.js';
import { bootedMachine } from '../support/booted_machine.js';
import { lockdepLab } from '../support/lockdep.js';
import { lab_area, labArea } from '../support/locking/lab.js';
import { preset } from '../support/soaking.js';

const ip = _THIS_IP_.test;

const sleepers: Record<string, (k: Kernel, area: Ptr<'lab_area'>) => unknown> = {
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
  delayed_work_due: (k) => delayed_work_due(k, embedded(k.g, vmlinux.klp_transition_work), 0),
  rcu_gp_kthread_sleep: (k) => rcu_gp_kthread_pass(k, 0),
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
  raw_spin_lock(k, spin, _THIS_IP_.cpus_read_lock_user);
  tolerant(() => sleep(k, labArea(l.lab)));
  const found = l.lockdep.violations.filter((v) => v.summary.startsWith(`${name} may sleep`));
  expect(new Set(l.codes())).toEqual(new Set(['LOCKDEP-SLEEP']));
  expect(found).toHaveLength(1);
  expect(found[0]?.summary).toContain('with preemption off (1), holding pool->lock (cpus_read_lock_user)');
});

it.each(Object.entries(sleepers))('%s after it is given back', (_, sleep) => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  rcu_eqs_exit(k);
  const spin = embedded(labArea(l.lab), lab_area.spin);
  raw_spin_lock(k, spin, _THIS_IP_.cpus_read_lock_user);
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

it.each([
  ['with its timers locked', true, ['LOCKDEP-SLEEP']],
  ['with nothing locked', false, []],
])('a task that gives its CPU away, %s', (_, locked, codes) => {
  const { shared } = bootedMachine(preset('default', { cpus: 2, online: 2 }));
  const lockdep = new Lockdep();
  const k: Kernel = { ...kernelView(shared, 0), lockdep: lockdep.tracker(0) };
  rcu_eqs_exit(k);
  if (locked) raw_spin_lock(k, embedded(k.me, percpu.timer_lock), ip);
  __schedule(k, false);
  expect(lockdep.violations.map((v) => v.code)).toEqual(codes);
});
