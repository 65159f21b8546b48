// SPDX-License-Identifier: GPL-2.0-only
/** cpus_read_lock: both kinds by configuration, with trace events that stand inside the section. */
import { expect, it } from 'vitest';
import { _THIS_IP_, LOCK_CLASS } from '#src/kernel/abi/lock_classes.js';
import {
  cpus_read_lock,
  cpus_read_unlock,
  cpus_write_lock,
  cpus_write_unlock,
} from '#src/kernel/cpu/hotplug_lock.js';
import { rcu_eqs_exit } from '#src/kernel/rcu/tree.js';
import { eventRow, PHASE } from '#src/trace/events.js';
import { CLEAN, exclusion } from '../support/locking/exclusion.js';
import { createLab, labKernel } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;
const lock = LOCK_CLASS.cpu_hotplug_lock;

/** The events of one actor that reads, writes and reads within its own write section. */
function events(refcount: boolean, nested: boolean): unknown[] {
  const k = labKernel(createLab({ actors: 1, refcount, trace: true }), 0);
  const seen: unknown[] = [];
  k.trace.emit = (ev, _task, a, b) => seen.push([eventRow(ev)?.name, a, b]);
  rcu_eqs_exit(k);
  cpus_read_lock(k, ip);
  cpus_read_unlock(k);
  cpus_write_lock(k, ip);
  if (nested) {
    cpus_read_lock(k, ip);
    cpus_read_unlock(k);
  }
  cpus_write_unlock(k);
  return seen;
}

const expected = [
  ['rwsem_read', lock, PHASE.begin],
  ['rwsem_read', lock, PHASE.end],
  ['rwsem_write', lock, PHASE.begin],
  ['rwsem_write', lock, PHASE.end],
];

it.each([false, true])('traces both ends of each section (refcount: %s)', (refcount) => {
  expect(events(refcount, false)).toEqual(expected);
});

it('counts a read by the writer itself as no section (refcount)', () => {
  expect(events(true, true)).toEqual(expected);
});

it.each([false, true])('excludes (refcount: %s)', async (refcount) => {
  const plan = { lock: 'hotplug_lock', writers: 1, readers: 2, rounds: 20, turns: 300 };
  expect(await exclusion({ ...plan, rcu: !refcount, options: { refcount } })).toEqual(CLEAN);
});
