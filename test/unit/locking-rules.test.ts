// SPDX-License-Identifier: GPL-2.0-only
/** Misuse of a lock is a bug of ours and is thrown, not waited for. */
import { expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { raw_spinlock } from '#src/kernel/abi/structs.js';
import { mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from '#src/kernel/locking/mutex.js';
import {
  percpu_down_read,
  percpu_down_read_trylock,
  percpu_down_write,
  percpu_up_read,
} from '#src/kernel/locking/percpu_rwsem.js';
import { write_unlock } from '#src/kernel/locking/rwlock.js';
import { raw_spin_lock, raw_spin_trylock, raw_spin_unlock } from '#src/kernel/locking/spinlock.js';
import { synchronize_rcu } from '#src/kernel/rcu/tree.js';
import { preempt_disable, preemptible } from '#src/kernel/sched/preempt.js';
import { load } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { SimulatorBug } from '#src/util/fault.js';
import { createLab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;

function setUp() {
  const lab = createLab({ actors: 2, cpus: 1 });
  const area = labArea(lab);
  return {
    cpu: labKernel(lab, 0),
    control: labKernel(lab, 1),
    spin: embedded(area, lab_area.spin),
    rw: embedded(area, lab_area.rw),
    mtx: embedded(area, lab_area.mtx),
    sem: embedded(area, lab_area.sem),
  };
}

it('throws when an actor releases what it does not hold', () => {
  const { cpu, control, spin, rw, mtx, sem } = setUp();
  raw_spin_lock(cpu, spin, ip);
  expect(() => raw_spin_unlock(control, spin)).toThrow(SimulatorBug);
  expect(() => write_unlock(control, rw)).toThrow(SimulatorBug);
  expect(() => mutex_unlock(control, mtx)).toThrow(SimulatorBug);
  expect(() => percpu_up_read(control, sem)).toThrow(SimulatorBug);
});

it('throws when an actor takes a lock twice', () => {
  const { cpu, control, spin, mtx } = setUp();
  raw_spin_lock(cpu, spin, ip);
  expect(() => raw_spin_lock(cpu, spin, ip)).toThrow(/a second time/);
  mutex_lock(control, mtx, ip);
  expect(() => mutex_lock(control, mtx, ip)).toThrow(/a second time/);
});

it('throws when a CPU would block', () => {
  const { cpu, mtx, sem } = setUp();
  expect(() => mutex_lock(cpu, mtx, ip)).toThrow(/only control paths/);
  expect(() => mutex_trylock(cpu, mtx, ip)).toThrow(/only control paths/);
  expect(() => percpu_down_read(cpu, sem, ip)).toThrow(/only control paths/);
  expect(() => percpu_down_write(cpu, sem, ip)).toThrow(/only control paths/);
  expect(() => synchronize_rcu(cpu)).toThrow(/only control paths/);
});

it('throws when a control path would block with preemption off', () => {
  const { control, mtx } = setUp();
  preempt_disable(control);
  expect(() => mutex_lock(control, mtx, ip)).toThrow(/preemption off/);
  expect(() => synchronize_rcu(control)).toThrow(/preemption off/);
});

it('keeps preemption off while a spinlock is held, and only then', () => {
  const { cpu, control, spin } = setUp();
  raw_spin_lock(cpu, spin, ip);
  expect(preemptible(cpu)).toBe(false);
  expect(raw_spin_trylock(control, spin, ip)).toBe(false);
  expect(preemptible(control)).toBe(true);
  raw_spin_unlock(cpu, spin);
  expect(preemptible(cpu)).toBe(true);
});

it('names the holder, and the last one after the release', () => {
  const { cpu, control, spin, mtx, sem } = setUp();
  raw_spin_lock(cpu, spin, ip);
  expect(load(cpu, spin, raw_spinlock.owner)).toBe(1);
  raw_spin_unlock(cpu, spin);
  expect(load(cpu, spin, raw_spinlock.owner)).toBe(-1);
  mutex_lock(control, mtx, ip);
  expect(mutex_is_locked(control, mtx)).toBe(true);
  expect(mutex_trylock(control, mtx, ip)).toBe(false);
  expect(percpu_down_read_trylock(control, sem, ip)).toBe(true);
  expect(control.preempt_count).toBe(0);
});
