// SPDX-License-Identifier: GPL-2.0-only
/**
 * The third control path. It takes the hotplug lock as a reader at a steady pace, like the many other users of
 * get_online_cpus (static keys, kprobes, sysfs of drivers), and runs the torture shuffle and stutter.
 */
import { CPUHP_BP_PREPARE_DYN_END } from '../../kernel/abi/constants.js';
import { _THIS_IP_ } from '../../kernel/abi/lock_classes.js';
import { vmlinux } from '../../kernel/abi/structs.js';
import { CPUHP_FN_DRIVER, cpuhp_setup_state_nocalls } from '../../kernel/cpu/callbacks.js';
import { driver_request } from '../../kernel/cpu/driver.js';
import { cpus_read_lock, cpus_read_unlock } from '../../kernel/cpu/hotplug_lock.js';
import { num_online_cpus } from '../../kernel/cpu/masks.js';
import { type Kernel, now_us } from '../../kernel/kernel.js';
import { read_lock, read_unlock } from '../../kernel/locking/rwlock.js';
import { set_cpus_allowed_ptr } from '../../kernel/sched/affinity.js';
import { trace_pid } from '../../kernel/sched/pid.js';
import { first_task, next_task } from '../../kernel/sched/task.js';
import { wake_channel } from '../../kernel/text/services.js';
import { READ_ONCE, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, NULL } from '../../mem/layout.js';
import { EV } from '../../trace/events.js';
import type { Rng } from '../../util/rng.js';
import { pause, running } from './pause.js';

export interface ThirdRates {
  readonly stutter: { readonly runMs: number; readonly pauseMs: number } | null;
  readonly shuffle: { readonly everyMs: number } | null;
  /** Every so many ms one sleeper of each wait channel is woken: for a workload whose own wakers end. null: none. */
  readonly wakers: { readonly everyMs: number; readonly channels: number } | null;
  readonly readers: {
    readonly pauseMs: readonly [number, number];
    readonly holdUs: number;
    readonly data?: true;
  } | null;
}

export function tortureThird(k: Kernel, rng: Rng, rates: ThirdRates): void {
  const start = k.clock.now_ns() / 1e6;
  let nextShuffle = rates.shuffle === null ? Number.POSITIVE_INFINITY : start + rates.shuffle.everyMs;
  let nextStutter = rates.stutter === null ? Number.POSITIVE_INFINITY : start + rates.stutter.runMs;
  let stuttering = false;
  if (rates.readers?.data === true) cpuhp_setup_state_nocalls(k, CPUHP_BP_PREPARE_DYN_END, CPUHP_FN_DRIVER);
  while (running(k)) {
    const now = k.clock.now_ns() / 1e6;
    if (rates.shuffle !== null && now >= nextShuffle) {
      shuffle(k, rng);
      nextShuffle = now + rates.shuffle.everyMs;
    }
    if (rates.stutter !== null && now >= nextStutter) {
      stuttering = !stuttering;
      WRITE_ONCE(k, k.g, vmlinux.stutter_pause, stuttering ? 1 : 0);
      nextStutter = now + (stuttering ? rates.stutter.pauseMs : rates.stutter.runMs);
    }
    if (rates.wakers !== null) {
      for (let nr = 0; nr < rates.wakers.channels; nr++) wake_channel(k, nr);
      pause(k, rates.wakers.everyMs);
    } else if (rates.readers === null) {
      pause(k, Math.max(1, Math.min(nextShuffle, nextStutter, now + 20) - now));
    } else {
      pause(k, rng.between(rates.readers.pauseMs[0], rates.readers.pauseMs[1]));
      hold(k, rates.readers.holdUs, rates.readers.data === true);
    }
  }
  WRITE_ONCE(k, k.g, vmlinux.stutter_pause, 0);
}

/** Holds the lock for about `us`, as a short user of the set of online CPUs would; `data`: one with a callback. */
function hold(k: Kernel, us: number, data: boolean): void {
  const since = now_us(k);
  cpus_read_lock(k, _THIS_IP_.cpus_read_lock_user);
  k.trace.emit(EV.reader_section, trace_pid(k), now_us(k) - since, 0, 0, 0, 0);
  const end = k.clock.now_ns() + us * 1000;
  /* The set of CPUs stands still while the lock is held: a walk over it finds the same each time. */
  while (k.clock.now_ns() < end) num_online_cpus(k);
  if (data) driver_request(k);
  cpus_read_unlock(k);
}

/** Keeps all tasks off one CPU until the next shuffle (torture_shuffle_tasks). */
function shuffle(k: Kernel, rng: Rng): void {
  const possible = READ_ONCE(k, k.g, vmlinux.cpu_possible_mask);
  const off = rng.below(k.nr_cpus);
  const mask = k.nr_cpus > 1 ? possible & ~(1 << off) : possible;
  const list = embedded(k.g, vmlinux.tasklist_lock);
  read_lock(k, list, _THIS_IP_.torture_shuffle);
  for (let p = first_task(k); p !== NULL; p = next_task(k, p)) set_cpus_allowed_ptr(k, p, mask);
  read_unlock(k, list);
}
