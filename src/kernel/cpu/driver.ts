// SPDX-License-Identifier: GPL-2.0-only
/**
 * A user of the hotplug lock with data of its own, as drivers are that keep something for each CPU (block/blk-mq.c,
 * drivers/base/arch_topology.c and hundreds more): it changes the data under cpus_read_lock, and its hotplug callback
 * reads them and answers under the lock for writing.
 *
 * The hotplug lock guards both words, one for each direction; readers are one control path, so they need no lock
 * against each other. The accesses are plain: what orders them is the lock alone, PRW_B with PRW_C towards the
 * callback, PRW_REL back.
 */
import { load, store } from '../../mem/heap.js';
import { EV } from '../../trace/events.js';
import { vmlinux } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { trace_pid } from '../sched/pid.js';

/** In the event: who has read what the other side wrote. */
export const DRIVER_READER = 0;
export const DRIVER_CALLBACK = 1;

/** The caller holds cpus_read_lock: one more request. */
export function driver_request(k: Kernel): void {
  const coming = load(k, k.g, vmlinux.driver_coming);
  const requests = load(k, k.g, vmlinux.driver_requests) + 1;
  store(k, k.g, vmlinux.driver_requests, requests);
  k.trace.emit(EV.driver_data, trace_pid(k), DRIVER_READER, coming, requests, 0, 0);
}

/** The callback, of a CPU that comes or goes: under the hotplug lock for writing. */
export function driver_cpu_callback(k: Kernel): number {
  const requests = load(k, k.g, vmlinux.driver_requests);
  const coming = load(k, k.g, vmlinux.driver_coming) + 1;
  store(k, k.g, vmlinux.driver_coming, coming);
  k.trace.emit(EV.driver_data, trace_pid(k), DRIVER_CALLBACK, requests, coming, 0, 0);
  return 0;
}
