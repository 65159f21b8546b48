// SPDX-License-Identifier: GPL-2.0-only
/**
 * The lock that keeps the set of CPUs still: cpus_read_lock, known as get_online_cpus until 4.13. A percpu-rwsem
 * today, a counter under a mutex in January 2017; the configuration chooses. It guards the CPU masks against their
 * writers cpu_up and cpu_down; who only needs a hint reads the masks without it.
 *
 * The trace events stand inside the section at both ends, so that sections which exclude each other never overlap in
 * the trace.
 */
import { embedded } from '../../mem/layout.js';
import { EV, PHASE } from '../../trace/events.js';
import { LOCK_CLASS } from '../abi/lock_classes.js';
import { vmlinux } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import {
  cpu_hotplug_begin,
  cpu_hotplug_done,
  cpu_hotplug_refcount_init,
  get_online_cpus,
  is_active_writer,
  put_online_cpus,
} from '../locking/cpu_hotplug_refcount.js';
import {
  percpu_down_read,
  percpu_down_write,
  percpu_init_rwsem,
  percpu_up_read,
  percpu_up_write,
} from '../locking/percpu_rwsem.js';
import { trace_pid } from '../sched/pid.js';

/** Index of the hotplug lock among the machine's percpu-rwsems. */
const READ_COUNT_INDEX = 0;
/** The events name the lock by its class. */
const LOCK = LOCK_CLASS.cpu_hotplug_lock;

/** At boot, before anybody else runs; both kinds, whichever is used. */
export function cpu_hotplug_lock_init(k: Kernel): void {
  percpu_init_rwsem(k, embedded(k.g, vmlinux.cpu_hotplug_lock), READ_COUNT_INDEX, LOCK);
  cpu_hotplug_refcount_init(k, embedded(k.g, vmlinux.cpu_hotplug), LOCK);
}

function trace_section(k: Kernel, ev: number, phase: number): void {
  if (k.trace.on) k.trace.emit(ev, trace_pid(k), LOCK, phase, 0, 0, 0);
}

/** Control paths only: it may sleep. */
export function cpus_read_lock(k: Kernel, ip: number): void {
  if (k.cfg.hotplug_lock_refcount) {
    const h = embedded(k.g, vmlinux.cpu_hotplug);
    get_online_cpus(k, h, ip);
    /* The writer itself, inside its own section: not a section of its own. */
    if (is_active_writer(k, h)) return;
  } else {
    percpu_down_read(k, embedded(k.g, vmlinux.cpu_hotplug_lock), ip);
  }
  trace_section(k, EV.rwsem_read, PHASE.begin);
}

export function cpus_read_unlock(k: Kernel): void {
  if (k.cfg.hotplug_lock_refcount) {
    const h = embedded(k.g, vmlinux.cpu_hotplug);
    if (is_active_writer(k, h)) return;
    trace_section(k, EV.rwsem_read, PHASE.end);
    put_online_cpus(k, h);
    return;
  }
  trace_section(k, EV.rwsem_read, PHASE.end);
  percpu_up_read(k, embedded(k.g, vmlinux.cpu_hotplug_lock));
}

export function cpus_write_lock(k: Kernel, ip: number): void {
  if (k.cfg.hotplug_lock_refcount) cpu_hotplug_begin(k, embedded(k.g, vmlinux.cpu_hotplug), ip);
  else percpu_down_write(k, embedded(k.g, vmlinux.cpu_hotplug_lock), ip);
  trace_section(k, EV.rwsem_write, PHASE.begin);
}

export function cpus_write_unlock(k: Kernel): void {
  trace_section(k, EV.rwsem_write, PHASE.end);
  if (k.cfg.hotplug_lock_refcount) cpu_hotplug_done(k, embedded(k.g, vmlinux.cpu_hotplug));
  else percpu_up_write(k, embedded(k.g, vmlinux.cpu_hotplug_lock));
}
