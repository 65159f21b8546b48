// SPDX-License-Identifier: GPL-2.0-only
/**
 * The per-CPU workqueue: one kworker bound to each CPU runs work items, so a work item that has run proves that its
 * CPU was scheduled: whatever ran there with preemption off has ended. That is what livepatch's own grace period is.
 */
import { load, READ_ONCE, store } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_empty,
  list_first_or_null,
} from '../../mem/list.js';
import { SimulatorBug } from '../../util/fault.js';
import { PF_IDLE } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { completion, percpu, task_struct, vmlinux, work_struct } from '../abi/structs.js';
import { cpus_read_lock, cpus_read_unlock } from '../cpu/hotplug_lock.js';
import { cpu_online } from '../cpu/masks.js';
import { type Kernel, per_cpu } from '../kernel.js';
import { complete, init_completion, wait_for_completion } from '../locking/completion.js';
import { raw_spin_lock, raw_spin_unlock } from '../locking/spinlock.js';
import { kmem_cache_alloc, kmem_cache_free } from '../mm/slab.js';
import { wake_up_process } from './wakeup.js';

export type Work = Ptr<'work_struct'>;

/** Work functions. Both do nothing: that they ran on their CPU is their whole effect. */
export const WORK_KLP_SYNC = 1;
export const WORK_RUDE_GP = 2;

/** pool->lock guards the worklist. */
function queue_work_on(k: Kernel, cpu: number, work: Work): void {
  const pool = per_cpu(k, cpu);
  const lock = embedded(pool, percpu.pool_lock);
  raw_spin_lock(k, lock, _THIS_IP_.queue_work_on);
  list_add_tail(k, embedded(work, work_struct.entry), embedded(pool, percpu.worklist));
  raw_spin_unlock(k, lock);
  wake_up_process(k, load(k, pool, percpu.kworker), _THIS_IP_.queue_work_on);
}

/** Runs on the kworker of this CPU: takes one item and completes it. False: the list is empty. */
export function process_one_work(k: Kernel): boolean {
  const lock = embedded(k.me, percpu.pool_lock);
  raw_spin_lock(k, lock, _THIS_IP_.process_one_work);
  const entry = list_first_or_null(k, embedded(k.me, percpu.worklist));
  if (entry !== NULL) list_del_init(k, entry);
  raw_spin_unlock(k, lock);
  if (entry === NULL) return false;
  const work = container_of(entry, work_struct.entry);
  /* The item belongs to the waiter again as soon as it is completed. */
  complete(k, load(k, work, work_struct.done));
  return true;
}

export function worklist_empty(k: Kernel): boolean {
  return list_empty(k, embedded(k.me, percpu.worklist));
}

/**
 * An interrupt comes at this place of the kernel's own code and finds preemption on: the kworker of this CPU, if it has
 * work, takes the CPU for one item, sleeps again, and the task goes on where it stood. Called where a section relies on
 * preemption being off, as `if (preemptible(k)) preempt_schedule_irq(k)`: while it is off nothing happens, and without
 * it livepatch's grace period ends in the middle of the section. Elsewhere the code of a CPU is never interrupted: what
 * is left out are interleavings, none is made up. The idle task always runs with preemption off.
 */
export function preempt_schedule_irq(k: Kernel): void {
  if (!k.is_cpu || !k.cfg.preempt_full) return;
  const p = k.current;
  if ((load(k, p, task_struct.flags) & PF_IDLE) !== 0 || worklist_empty(k)) return;
  k.current = load(k, k.me, percpu.kworker);
  process_one_work(k);
  k.current = p;
}

/**
 * Runs `func` in the kworker of every online CPU and waits for all. The hotplug lock keeps the set of CPUs still.
 * Only a control path may wait so long.
 */
export function schedule_on_each_cpu(k: Kernel, func: number): void {
  const cache = embedded(k.g, vmlinux.work_cache);
  const works: Work[] = [];
  cpus_read_lock(k, _THIS_IP_.schedule_on_each_cpu);
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) {
    if (!cpu_online(k, cpu)) continue;
    const work = kmem_cache_alloc<'work_struct'>(k, cache);
    if (work === NULL) throw new SimulatorBug('work_cache is too small for its callers');
    const done = (work + work_struct.$words) as Ptr<'completion'>;
    init_completion(k, done);
    INIT_LIST_HEAD(k, embedded(work, work_struct.entry));
    store(k, work, work_struct.func, func);
    store(k, work, work_struct.arg, cpu);
    store(k, work, work_struct.done, done);
    works.push(work);
    queue_work_on(k, cpu, work);
  }
  for (let i = 0; i < works.length; i++) {
    const work = works[i] as Work;
    /* flush_work. Condition: done. Waker: the kworker of that CPU. */
    wait_for_completion(k, READ_ONCE(k, work, work_struct.done), _THIS_IP_.schedule_on_each_cpu);
    kmem_cache_free(k, cache, work);
  }
  cpus_read_unlock(k);
}

/** Words of one object of work_cache: the item and its completion. */
export const WORK_OBJECT_WORDS = work_struct.$words + completion.$words;
