// SPDX-License-Identifier: GPL-2.0-only
/** One lock twice, or two of one class, in the hands of one actor. */
import { describe, expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { get_online_cpus, put_online_cpus } from '#src/kernel/locking/cpu_hotplug_refcount.js';
import { mutex_lock } from '#src/kernel/locking/mutex.js';
import {
  percpu_down_read,
  percpu_down_read_trylock,
  percpu_up_read,
} from '#src/kernel/locking/percpu_rwsem.js';
import { read_lock, read_unlock } from '#src/kernel/locking/rwlock.js';
import {
  raw_spin_lock,
  raw_spin_lock_nested,
  raw_spin_trylock,
  raw_spin_unlock,
} from '#src/kernel/locking/spinlock.js';
import { embedded, type Ptr } from '#src/mem/layout.js';
import { SimulatorBug } from '#src/util/fault.js';
import { lockdepLab } from '../support/lockdep.js';
import { lab_area, labArea } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;

function run(job: (k: Kernel, area: Ptr<'lab_area'>) => void) {
  const l = lockdepLab();
  job(l.k[0] as Kernel, labArea(l.lab));
  l.lockdep.end();
  return l.lockdep.violations;
}

/** Two run queues of one class. */
function two(second: (k: Kernel, lock: Ptr<'raw_spinlock'>, ip: number) => unknown) {
  return run((k, area) => {
    const a = embedded(area, lab_area.spin);
    const b = (a + 4) as Ptr<'raw_spinlock'>;
    /* A second lock of the first one's class, beside it on the line. */
    k.i32.set(k.i32.subarray(a, a + 4), b);
    raw_spin_lock(k, a, ip);
    second(k, b, _THIS_IP_.cpus_read_lock_user);
    raw_spin_unlock(k, b);
    raw_spin_unlock(k, a);
  });
}

describe('two locks of one class', () => {
  it('without a word about their order', () => {
    expect(two(raw_spin_lock)).toMatchObject([
      {
        code: 'LOCKDEP-RECURSION',
        summary:
          'a second pool->lock is taken by one who holds it: another actor may take the two the other way round',
        sites: [{ text: 'pool->lock in test' }, { text: 'pool->lock in cpus_read_lock_user' }],
      },
    ]);
  });

  it('in an order of theirs, or only tried for', () => {
    expect(two(raw_spin_lock_nested)).toEqual([]);
    expect(two(raw_spin_trylock)).toEqual([]);
  });
});

it('one mutex twice, told before the actor cannot go on', () => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  const mtx = embedded(labArea(l.lab), lab_area.mtx);
  mutex_lock(k, mtx, ip);
  expect(() => mutex_lock(k, mtx, _THIS_IP_.cpus_read_lock_user)).toThrow(SimulatorBug);
  expect(l.lockdep.violations).toMatchObject([
    {
      code: 'LOCKDEP-RECURSION',
      summary: 'klp_mutex is taken by one who holds it: it waits for itself',
    },
  ]);
});

describe('a reader inside a reader', () => {
  it('of a percpu-rwsem, which a writer in between turns into a deadlock', () => {
    const violations = run((k, area) => {
      const sem = embedded(area, lab_area.sem);
      percpu_down_read(k, sem, _THIS_IP_.schedule_on_each_cpu);
      percpu_down_read(k, sem, ip);
      percpu_up_read(k, sem);
      percpu_up_read(k, sem);
    });
    expect(violations).toMatchObject([
      {
        code: 'LOCKDEP-READ-RECURSION',
        summary:
          'cpu_hotplug_lock is taken by one who holds it: a writer that comes in between waits for the first, and the second for the writer',
        sites: [
          { text: 'cpu_hotplug_lock for reading in schedule_on_each_cpu' },
          { text: 'cpu_hotplug_lock for reading in test' },
        ],
      },
    ]);
  });

  it('of a queued rwlock in process context', () => {
    const violations = run((k, area) => {
      const rw = embedded(area, lab_area.rw);
      read_lock(k, rw, ip);
      read_lock(k, rw, ip);
      read_unlock(k, rw);
      read_unlock(k, rw);
    });
    expect(violations.map((v) => v.code)).toEqual(['LOCKDEP-READ-RECURSION']);
  });

  it('that only tries, or one of the counter of 2017', () => {
    const violations = run((k, area) => {
      const sem = embedded(area, lab_area.sem);
      percpu_down_read(k, sem, ip);
      percpu_down_read_trylock(k, sem, ip);
      percpu_up_read(k, sem);
      percpu_up_read(k, sem);
      const refcount = embedded(area, lab_area.refcount);
      get_online_cpus(k, refcount, ip);
      get_online_cpus(k, refcount, ip);
      put_online_cpus(k, refcount);
      put_online_cpus(k, refcount);
    });
    expect(violations).toEqual([]);
  });
});
