// SPDX-License-Identifier: GPL-2.0-only
/** Locks that are released by who does not hold them, and locks that nobody releases. */
import { expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { raw_spinlock } from '#src/kernel/abi/lock_structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { mutex_lock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import { raw_spin_lock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { WRITE_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { lockdepLab } from '../support/lockdep.js';
import { lab_area, labArea } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;

it('tells a release by another actor, and the holder that is left', () => {
  const l = lockdepLab();
  const [a, b] = l.k as [Kernel, Kernel];
  const mtx = embedded(labArea(l.lab), lab_area.mtx);
  mutex_lock(a, mtx, ip);
  mutex_unlock(b, mtx);
  l.lockdep.end();
  expect(l.lockdep.violations).toMatchObject([
    { code: 'LOCKDEP-UNBALANCED', summary: 'klp_mutex is released by actor 1, which does not hold it' },
    {
      code: 'LOCKDEP-HELD',
      summary: 'klp_mutex is still held by actor 0 at the end',
      sites: [{ text: 'klp_mutex in test' }],
    },
  ]);
});

it('is silent about locks that are released in any order', () => {
  const l = lockdepLab();
  const [k] = l.k as [Kernel];
  const mtx = embedded(labArea(l.lab), lab_area.mtx);
  const spin = embedded(labArea(l.lab), lab_area.spin);
  mutex_lock(k, mtx, ip);
  raw_spin_lock(k, spin, ip);
  mutex_unlock(k, mtx);
  raw_spin_unlock(k, spin);
  l.lockdep.end();
  expect(l.codes()).toEqual([]);
});

it('forgets who holds what from one execution to the next, but not the findings', () => {
  const l = lockdepLab();
  const [a, b] = l.k as [Kernel, Kernel];
  const mtx = embedded(labArea(l.lab), lab_area.mtx);
  mutex_lock(a, mtx, ip);
  mutex_unlock(b, mtx);
  l.lockdep.reset();
  l.lockdep.end();
  expect(l.codes()).toEqual(['LOCKDEP-UNBALANCED']);
});

it('tells a writer that comes in while another is inside', () => {
  const l = lockdepLab();
  const [a, b] = l.k as [Kernel, Kernel];
  const lock = embedded(labArea(l.lab), lab_area.spin);
  raw_spin_lock(a, lock, ip);
  /* A lock whose word somebody has cleared. */
  WRITE_ONCE(a, lock, raw_spinlock.val, 0);
  raw_spin_lock(b, lock, ip);
  expect(l.codes()).toEqual(['LOCKDEP-EXCLUSION']);
  expect(l.lockdep.violations[0]?.summary).toMatch(/ is taken by actor 1 while actor 0 holds it$/);
});
