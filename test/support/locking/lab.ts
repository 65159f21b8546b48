// SPDX-License-Identifier: GPL-2.0-only
/**
 * A lab for locks and RCU: a heap, actors with a percpu area and a task each, and one area of locks and words to play
 * with. No machine, no scheduler: every actor is a control path, except the first `cpus`.
 */

import { PF_CONTROL, PF_KTHREAD } from '#src/kernel/abi/constants.js';
import { NR_COUNTERS } from '#src/kernel/abi/counters.js';
import { LOCK_CLASS, NR_LOCK_CLASSES } from '#src/kernel/abi/lock_classes.js';
import {
  completion,
  cpu_hotplug_refcount,
  mutex,
  percpu,
  percpu_rw_semaphore,
  raw_spinlock,
  rcu_head,
  rwlock,
  task_struct,
  vmlinux,
  wait_queue_head,
} from '#src/kernel/abi/structs.js';
import { cpu_hotplug_lock_init } from '#src/kernel/cpu/hotplug_lock.js';
import { type Kernel, type KernelConfig, per_cpu, type Task } from '#src/kernel/kernel.js';
import type { Protocol } from '#src/kernel/livepatch/protocol.js';
import { init_completion } from '#src/kernel/locking/completion.js';
import { cpu_hotplug_refcount_init } from '#src/kernel/locking/cpu_hotplug_refcount.js';
import { mutex_init } from '#src/kernel/locking/mutex.js';
import { percpu_init_rwsem } from '#src/kernel/locking/percpu_rwsem.js';
import { rwlock_init } from '#src/kernel/locking/rwlock.js';
import { raw_spin_lock_init } from '#src/kernel/locking/spinlock.js';
import { init_waitqueue_head } from '#src/kernel/locking/wait.js';
import { rcu_init } from '#src/kernel/rcu/tree.js';
import { init_task_fields } from '#src/kernel/sched/fork.js';
import { control_pid } from '#src/kernel/sched/pid.js';
import { store } from '#src/mem/heap.js';
import {
  array,
  array_of,
  cacheline,
  embed,
  embedded,
  i32,
  type Ptr,
  round_up,
  struct,
} from '#src/mem/layout.js';
import { createLockStatBuffer, LockStat, type LockStatBuffer } from '#src/trace/lock_stat.js';
import { createTraceBuffers, type TraceBuffers, TraceWriter } from '#src/trace/ring.js';
import { clockSince, hostMs } from '#src/util/clock.js';

export const LOG_WORDS = 1024;

/** Locks of every kind, and words that they guard. */
export const lab_area = struct('lab_area', {
  /** Actors that are ready; the last one starts all. */
  ready: i32,
  go: i32,
  /** Set by the host when the crew is done: the RCU thread ends. */
  stop: i32,
  spin: cacheline(embed(raw_spinlock)),
  rw: cacheline(embed(rwlock)),
  mtx: cacheline(embed(mutex)),
  sem: cacheline(embed(percpu_rw_semaphore)),
  refcount: cacheline(embed(cpu_hotplug_refcount)),
  wq: cacheline(embed(wait_queue_head)),
  done: cacheline(embed(completion)),
  done2: embed(completion),
  /** Plain words: only a lock keeps them right. */
  counter: cacheline(i32),
  a: i32,
  b: i32,
  /** Actors inside a section, and how often that was one too many. */
  writers: cacheline(i32),
  readers: i32,
  overlaps: i32,
  /** What the step of a test waits for. */
  step: cacheline(i32),
  log_len: i32,
  log: array(LOG_WORDS),
  heads: array_of(rcu_head, 64),
});

export interface LabOptions {
  readonly actors: number;
  readonly cpus?: number;
  readonly lockStat?: boolean;
  readonly trace?: boolean;
  readonly refcount?: boolean;
}

/** Crosses to workers as it is. */
export interface Lab {
  readonly heap: SharedArrayBuffer;
  readonly trace: TraceBuffers;
  readonly lockStat: LockStatBuffer;
  readonly counters: SharedArrayBuffer;
  readonly bootMs: number;
  readonly actors: number;
  readonly cpus: number;
  readonly options: LabOptions;
  readonly g: number;
  readonly percpuBase: number;
  readonly taskBase: number;
  readonly area: number;
}

export function labArea(lab: Lab): Ptr<'lab_area'> {
  return lab.area as Ptr<'lab_area'>;
}

export function labTask(lab: Lab, actor: number): Task {
  return (lab.taskBase + actor * round_up(task_struct.$words, 16)) as Task;
}

export function createLab(options: LabOptions): Lab {
  const g = 64;
  const percpuBase = round_up(g + vmlinux.$words, 16);
  const taskBase = round_up(percpuBase + options.actors * percpu.$words, 16);
  const area = round_up(taskBase + options.actors * round_up(task_struct.$words, 16), 16);
  const lab: Lab = {
    heap: new SharedArrayBuffer((area + lab_area.$words) * 4),
    trace: createTraceBuffers(options.actors, 1 << 14),
    lockStat: createLockStatBuffer(options.actors, NR_LOCK_CLASSES),
    counters: new SharedArrayBuffer(options.actors * NR_COUNTERS * 8),
    bootMs: hostMs(),
    actors: options.actors,
    cpus: options.cpus ?? 0,
    options,
    g,
    percpuBase,
    taskBase,
    area,
  };
  boot(labKernel(lab, options.actors - 1), lab);
  return lab;
}

/** The handle of one actor. */
export function labKernel(lab: Lab, actor: number): Kernel {
  const clock = clockSince(lab.bootMs);
  const trace = new TraceWriter(lab.trace, actor);
  trace.level(lab.options.trace ? 'all' : 'off');
  return {
    i32: new Int32Array(lab.heap),
    g: lab.g as Ptr<'vmlinux'>,
    actor,
    is_cpu: actor < lab.cpus,
    me: (lab.percpuBase + actor * percpu.$words) as Ptr<'percpu'>,
    percpu_base: lab.percpuBase,
    nr_cpus: lab.cpus,
    nr_actors: lab.actors,
    current: labTask(lab, actor),
    trace,
    lockdep: new LockStat(lab.lockStat, actor, () => clock.now_ns(), lab.options.lockStat ?? false),
    clock,
    cfg: { hotplug_lock_refcount: lab.options.refcount ?? false } as KernelConfig,
    protocol: {} as Protocol,
    audit: () => {},
    count: new Float64Array(lab.counters, actor * NR_COUNTERS * 8, NR_COUNTERS),
    preempt_count: 0,
    spins: 0,
  };
}

function boot(k: Kernel, lab: Lab): void {
  const area = labArea(lab);
  rcu_init(k);
  cpu_hotplug_lock_init(k);
  for (let n = 0; n < lab.actors; n++) {
    const p = labTask(lab, n);
    init_task_fields(k, p, control_pid(n), PF_KTHREAD | PF_CONTROL, 0);
    store(k, per_cpu(k, n), percpu.curr, p);
  }
  raw_spin_lock_init(k, embedded(area, lab_area.spin), LOCK_CLASS['pool->lock']);
  rwlock_init(k, embedded(area, lab_area.rw), LOCK_CLASS.tasklist_lock);
  mutex_init(k, embedded(area, lab_area.mtx), LOCK_CLASS.klp_mutex);
  percpu_init_rwsem(k, embedded(area, lab_area.sem), 1, LOCK_CLASS.cpu_hotplug_lock);
  cpu_hotplug_refcount_init(k, embedded(area, lab_area.refcount), LOCK_CLASS.cpu_hotplug_lock);
  init_waitqueue_head(k, embedded(area, lab_area.wq), LOCK_CLASS.wait_channel);
  init_completion(k, embedded(area, lab_area.done));
  init_completion(k, embedded(area, lab_area.done2));
}
