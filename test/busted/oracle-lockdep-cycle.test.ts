// SPDX-License-Identifier: GPL-2.0-only
/** Two classes taken in both orders are told with both chains, though nobody ever waited. */
import { expect, it } from 'vitest';
import { _THIS_IP_, LOCK_CLASS } from '#src/kernel/abi/lock_classes.js';
import { mutex_lock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import { percpu_down_read, percpu_up_read } from '#src/kernel/locking/percpu_rwsem.js';
import { embedded } from '#src/mem/layout.js';
import { Lockdep } from '#src/oracle/lockdep.js';
import { LOCK_READ, LOCK_RECURSIVE, LOCK_WRITE } from '#src/trace/lock_tracker.js';
import { type LockdepLab, lockdepLab } from '../support/lockdep.js';
import { lab_area, labArea } from '../support/locking/lab.js';

type Order = 'klp_mutex first' | 'hotplug lock first';

function both({ lab, k }: LockdepLab, actor: number, order: Order): void {
  const me = k[actor] as (typeof k)[number];
  const mtx = embedded(labArea(lab), lab_area.mtx);
  const sem = embedded(labArea(lab), lab_area.sem);
  const mutexFirst = order === 'klp_mutex first';
  if (mutexFirst) mutex_lock(me, mtx, _THIS_IP_.klp_enable_patch);
  percpu_down_read(me, sem, _THIS_IP_.get_online_cpus);
  if (!mutexFirst) mutex_lock(me, mtx, _THIS_IP_.cpuhp_setup_state);
  if (!mutexFirst) mutex_unlock(me, mtx);
  percpu_up_read(me, sem);
  if (mutexFirst) mutex_unlock(me, mtx);
}

it('tells the classes and all places, with the edges from two executions', () => {
  const lockdep = new Lockdep();
  both(lockdepLab(lockdep), 0, 'klp_mutex first');
  const second = lockdepLab(lockdep);
  both(second, 1, 'hotplug lock first');
  both(second, 2, 'hotplug lock first');
  expect(lockdep.violations).toMatchObject([
    {
      code: 'LOCKDEP-CYCLE',
      count: 1,
      cpu: 1,
      summary: 'possible circular locking: cpu_hotplug_lock -> klp_mutex -> cpu_hotplug_lock',
      sites: [
        {
          label: 'cpu_hotplug_lock -> klp_mutex',
          actor: 1,
          text: 'cpuhp_setup_state takes klp_mutex, holding cpu_hotplug_lock of get_online_cpus',
        },
        {
          label: 'klp_mutex -> cpu_hotplug_lock',
          actor: 0,
          text: 'get_online_cpus takes cpu_hotplug_lock, holding klp_mutex of klp_enable_patch',
        },
      ],
    },
  ]);
});

it('is silent about one order over the same executions', () => {
  const lockdep = new Lockdep();
  both(lockdepLab(lockdep), 0, 'klp_mutex first');
  const second = lockdepLab(lockdep);
  both(second, 1, 'klp_mutex first');
  both(second, 2, 'klp_mutex first');
  expect(lockdep.violations).toEqual([]);
});

it('finds a cycle over three classes', () => {
  const lockdep = new Lockdep();
  const t = lockdep.tracker(0);
  const [a, b, c] = [LOCK_CLASS.klp_mutex, LOCK_CLASS.text_mutex, LOCK_CLASS.ftrace_lock];
  for (const [outer, inner] of [
    [a, b],
    [b, c],
    [c, a],
  ] as const) {
    t.acquired(outer, outer, LOCK_WRITE, _THIS_IP_.test, false);
    t.acquired(inner, inner, LOCK_WRITE, _THIS_IP_.cpus_read_lock_user, false);
    t.release(inner, inner);
    t.release(outer, outer);
  }
  expect(lockdep.violations.map((v) => [v.code, v.sites.map((s) => s.label)])).toEqual([
    ['LOCKDEP-CYCLE', ['ftrace_lock -> klp_mutex', 'klp_mutex -> text_mutex', 'text_mutex -> ftrace_lock']],
  ]);
});

it('counts a wait that has only begun', () => {
  const lockdep = new Lockdep();
  const [a, b] = [LOCK_CLASS.klp_mutex, LOCK_CLASS.text_mutex];
  const [t, u] = [lockdep.tracker(0), lockdep.tracker(1)];
  t.acquired(a, a, LOCK_WRITE, 1, false);
  u.acquired(b, b, LOCK_WRITE, 2, false);
  t.contended(b, b, LOCK_WRITE, 3);
  u.contended(a, a, LOCK_WRITE, 4);
  expect(lockdep.violations.map((v) => v.code)).toEqual(['LOCKDEP-CYCLE']);
});

it.each([
  ['readers that wait behind writers', LOCK_READ, ['LOCKDEP-CYCLE']],
  ['readers that pass them', LOCK_READ | LOCK_RECURSIVE, []],
])('two readers of one lock, each with a mutex on the other side: %s', (_, mode, codes) => {
  const lockdep = new Lockdep();
  const [rw, mutex] = [LOCK_CLASS.tasklist_lock, LOCK_CLASS.klp_mutex];
  const [t, u] = [lockdep.tracker(0), lockdep.tracker(1)];
  t.acquired(rw, rw, mode, 1, false);
  t.acquired(mutex, mutex, LOCK_WRITE, 2, false);
  t.release(mutex, mutex);
  u.acquired(mutex, mutex, LOCK_WRITE, 3, false);
  u.acquired(rw, rw, mode, 4, false);
  expect(lockdep.violations.map((v) => v.code)).toEqual(codes);
});
