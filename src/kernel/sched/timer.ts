// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sleep timers: a wheel of one-jiffy buckets per CPU. timer_base->lock guards the wheel, nr_timers and the timer
 * fields of the tasks on it. Lock order: nothing is taken under it; expired tasks are woken after it is dropped.
 */
import { load, READ_ONCE, smp_load_acquire, smp_store_release, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, element_of, embedded, type Ptr } from '../../mem/layout.js';
import {
  type ListHead,
  list_add_tail,
  list_del_init,
  list_empty,
  list_head,
  list_next,
} from '../../mem/list.js';
import { IPI_RESCHEDULE, TASK_NORMAL } from '../abi/constants.js';
import { COUNTER } from '../abi/counters.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, TIMER_BUCKETS, task_struct } from '../abi/structs.js';
import { send_ipi } from '../cpu/ipi.js';
import { jiffies, type Kernel, per_cpu, type Task } from '../kernel.js';
import { raw_spin_lock, raw_spin_lock_nested, raw_spin_unlock } from '../locking/spinlock.js';
import { get_task_struct, put_task_struct } from './task.js';
import { try_to_wake_up } from './wakeup.js';

function bucket(base: Ptr<'percpu'>, jiffy: number): ListHead {
  return element_of(base, percpu.wheel, list_head, jiffy & (TIMER_BUCKETS - 1));
}

function lock_base(k: Kernel, base: Ptr<'percpu'>, ip: number): void {
  raw_spin_lock(k, embedded(base, percpu.timer_lock), ip);
}

function lock_second_base(k: Kernel, base: Ptr<'percpu'>, ip: number): void {
  raw_spin_lock_nested(k, embedded(base, percpu.timer_lock), ip);
}

function unlock_base(k: Kernel, base: Ptr<'percpu'>): void {
  raw_spin_unlock(k, embedded(base, percpu.timer_lock));
}

/** Arms the sleep timer of p, which is current, on this CPU. */
export function add_timer(k: Kernel, p: Task, ms: number): void {
  const expires = jiffies(k) + (ms < 1 ? 1 : ms);
  lock_base(k, k.me, _THIS_IP_.add_timer);
  enqueue_timer(k, k.me, p, expires);
  unlock_base(k, k.me);
}

function enqueue_timer(k: Kernel, base: Ptr<'percpu'>, p: Task, expires: number): void {
  store(k, p, task_struct.timer_expires, expires);
  WRITE_ONCE(k, p, task_struct.timer_cpu, load(k, base, percpu.cpu) + 1);
  list_add_tail(k, embedded(p, task_struct.timer_list), bucket(base, expires));
  WRITE_ONCE(k, base, percpu.nr_timers, load(k, base, percpu.nr_timers) + 1);
}

function detach_timer(k: Kernel, base: Ptr<'percpu'>, p: Task): void {
  list_del_init(k, embedded(p, task_struct.timer_list));
  /* del_timer() sees 0 without the lock of this base, and arms the timer anew on another: it comes after all of this. */
  smp_store_release(k, p, task_struct.timer_cpu, 0);
  WRITE_ONCE(k, base, percpu.nr_timers, load(k, base, percpu.nr_timers) - 1);
}

/** Disarms the timer of p if it is still armed, wherever hotplug has moved it. */
export function del_timer(k: Kernel, p: Task): void {
  for (;;) {
    /* Pairs with detach_timer(): what it did to the timer comes before what the caller does next. */
    const cpu = smp_load_acquire(k, p, task_struct.timer_cpu) - 1;
    if (cpu < 0) return;
    const base = per_cpu(k, cpu);
    lock_base(k, base, _THIS_IP_.del_timer);
    if (READ_ONCE(k, p, task_struct.timer_cpu) === cpu + 1) {
      detach_timer(k, base, p);
      unlock_base(k, base);
      return;
    }
    unlock_base(k, base);
  }
}

/** Wakes the tasks whose timers on this CPU have expired. */
export function run_timers(k: Kernel): void {
  const now = jiffies(k);
  const base = k.me;
  let jiffy = load(k, base, percpu.timer_jiffies);
  if (((now - jiffy) | 0) <= 0) return;
  if (READ_ONCE(k, base, percpu.nr_timers) === 0) {
    store(k, base, percpu.timer_jiffies, now);
    return;
  }
  /* After a long pause one look at each bucket is enough. */
  if (now - jiffy > TIMER_BUCKETS) jiffy = now - TIMER_BUCKETS;
  while (((now - jiffy) | 0) > 0) {
    jiffy++;
    const head = bucket(base, jiffy);
    if (!list_empty(k, head)) run_bucket(k, base, head, now);
  }
  store(k, base, percpu.timer_jiffies, now);
}

function run_bucket(k: Kernel, base: Ptr<'percpu'>, head: ListHead, now: number): void {
  const expired: Task[] = [];
  lock_base(k, base, _THIS_IP_.run_timers);
  let entry = list_next(k, head);
  while (entry !== head) {
    const next = list_next(k, entry);
    const p = container_of(entry, task_struct.timer_list);
    if (((now - load(k, p, task_struct.timer_expires)) | 0) >= 0) {
      detach_timer(k, base, p);
      /* Once detached p may be woken by others and exit: hold it until it is woken here. */
      get_task_struct(k, p);
      expired.push(p);
    }
    entry = next;
  }
  unlock_base(k, base);
  for (let i = 0; i < expired.length; i++) {
    const p = expired[i] as Task;
    k.count[COUNTER.timers] = (k.count[COUNTER.timers] as number) + 1;
    try_to_wake_up(k, p, TASK_NORMAL, _THIS_IP_.run_timers);
    put_task_struct(k, p);
  }
}

/** Milliseconds until the next timer of this CPU, at most `most`. A racy look: an IPI corrects it. */
export function next_timer_ms(k: Kernel, most: number): number {
  if (READ_ONCE(k, k.me, percpu.nr_timers) === 0) return most;
  const now = jiffies(k);
  for (let ms = 0; ms < TIMER_BUCKETS && ms < most; ms++) {
    if (!list_empty(k, bucket(k.me, now + ms))) return ms < 1 ? 1 : ms;
  }
  return most < TIMER_BUCKETS ? most : TIMER_BUCKETS;
}

/** Moves the timers of a dead CPU to `to` (timers_dead_cpu). Two bases at once: the lower address first. */
export function timers_dead_cpu(k: Kernel, cpu: number, to: number): void {
  const from = per_cpu(k, cpu);
  const dest = per_cpu(k, to);
  const first = from < dest ? from : dest;
  const second = from < dest ? dest : from;
  lock_base(k, first, _THIS_IP_.timers_dead_cpu);
  lock_second_base(k, second, _THIS_IP_.timers_dead_cpu);
  const now = jiffies(k);
  for (let b = 0; b < TIMER_BUCKETS; b++) {
    const head = bucket(from, b);
    for (let entry = list_next(k, head); entry !== head; entry = list_next(k, head)) {
      const p = container_of(entry, task_struct.timer_list);
      detach_timer(k, from, p);
      const expires = load(k, p, task_struct.timer_expires);
      /* What expired meanwhile must lie ahead of the new base's hand. */
      enqueue_timer(k, dest, p, ((expires - now) | 0) < 2 ? now + 2 : expires);
    }
  }
  unlock_base(k, second);
  unlock_base(k, first);
  /* It may have chosen the length of its halt before. */
  send_ipi(k, to, IPI_RESCHEDULE);
}
