// SPDX-License-Identifier: GPL-2.0-only
/** copy_process (kernel/fork.c), in the order that matters to livepatch: flags early, patch_state late. */
import { fetch_add_relaxed, load, READ_ONCE, store } from '../../mem/heap.js';
import { embedded, NULL } from '../../mem/layout.js';
import { INIT_LIST_HEAD, list_add_tail_rcu } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import {
  PF_EXITING,
  TASK_NEW,
  TIF_NEED_RESCHED,
  TIF_NOTIFY_SIGNAL,
  TIF_PATCH_PENDING,
  TIF_SIGPENDING,
} from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { task_struct, vmlinux, wait_queue_entry } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { write_lock, write_unlock } from '../locking/rwlock.js';
import { raw_spin_lock_init } from '../locking/spinlock.js';
import { kmem_cache_alloc } from '../mm/slab.js';
import { trace_pid } from './pid.js';
import { test_tsk_thread_flag } from './thread_flags.js';
import { wake_up_new_task } from './wakeup.js';

/** The stack that belongs to a task's slot in the task table. */
export function task_stack(k: Kernel, p: Task): number {
  const slot = (p - k.cfg.task_base) / task_struct.$words;
  return k.cfg.stack_base + slot * k.cfg.stack_words;
}

/** Fields that need no order: nobody else knows the task yet. */
export function init_task_fields(k: Kernel, p: Task, pid: number, flags: number, cpu: number): void {
  raw_spin_lock_init(k, embedded(p, task_struct.pi_lock), LOCK_CLASS['p->pi_lock']);
  INIT_LIST_HEAD(k, embedded(p, task_struct.run_list));
  INIT_LIST_HEAD(k, embedded(p, task_struct.timer_list));
  INIT_LIST_HEAD(k, embedded(p, task_struct.tasks));
  const entry = embedded(p, task_struct.wait_entry);
  INIT_LIST_HEAD(k, embedded(entry, wait_queue_entry.entry));
  store(k, p, task_struct.pid, pid);
  store(k, p, task_struct.flags, flags);
  store(k, p, task_struct.cpu, cpu);
  store(k, p, task_struct.usage, 1);
  store(k, p, task_struct.cpus_mask, load(k, k.g, vmlinux.cpu_possible_mask));
  store(k, p, task_struct.rng, (Math.imul(pid, 0x9e3779b1) ^ 0x5bd1e995) | 1);
}

/**
 * Forks the current task; the child will run `program`. False: the task table is full (-ENOMEM).
 *
 * dup_task_struct copies the thread flags here, early and without a lock; the patch_state is copied under
 * tasklist_lock below. What the protocol does about a transition that moves on between the two is its copy_process.
 */
export function copy_process(k: Kernel, program: number): boolean {
  const parent = k.current;
  const p = kmem_cache_alloc<'task_struct'>(k, embedded(k.g, vmlinux.task_cache));
  if (p === NULL) {
    k.count[COUNTER.fork_failures] = (k.count[COUNTER.fork_failures] as number) + 1;
    return false;
  }
  const spec = k.cfg.programs[program];
  if (spec === undefined) return false;
  const inherited = READ_ONCE(k, parent, task_struct.thread_flags);
  const pid = fetch_add_relaxed(k, k.g, vmlinux.next_pid, 1);
  init_task_fields(k, p, pid, load(k, parent, task_struct.flags) & ~PF_EXITING, k.actor);
  store(
    k,
    p,
    task_struct.thread_flags,
    inherited & ~((1 << TIF_NEED_RESCHED) | (1 << TIF_SIGPENDING) | (1 << TIF_NOTIFY_SIGNAL)),
  );
  store(k, p, task_struct.stack, task_stack(k, p) as never);
  store(k, p, task_struct.pc, spec.entry);
  store(k, p, task_struct.life, spec.life);
  store(k, p, task_struct.program, program);
  store(k, p, task_struct.__state, TASK_NEW);

  const list = embedded(k.g, vmlinux.tasklist_lock);
  write_lock(k, list, _THIS_IP_.copy_process);
  k.protocol.copy_process(k, p);
  list_add_tail_rcu(k, embedded(p, task_struct.tasks), embedded(k.g, vmlinux.init_tasks));
  store(k, k.g, vmlinux.nr_threads, load(k, k.g, vmlinux.nr_threads) + 1);
  trace_new(k, p, pid);
  write_unlock(k, list);

  k.count[COUNTER.forks] = (k.count[COUNTER.forks] as number) + 1;
  wake_up_new_task(k, p);
  return true;
}

function trace_new(k: Kernel, p: Task, pid: number): void {
  const pending = test_tsk_thread_flag(k, p, TIF_PATCH_PENDING) ? 1 : 0;
  const state = READ_ONCE(k, p, task_struct.patch_state);
  k.trace.emit(
    EV.task_new,
    trace_pid(k),
    pid,
    state,
    pending,
    load(k, p, task_struct.flags),
    load(k, p, task_struct.cpu),
  );
}
