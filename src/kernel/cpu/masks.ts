// SPDX-License-Identifier: GPL-2.0-only
/** The CPU masks (kernel/cpu.c): possible, present, online, active. Written under the hotplug lock, read by all. */
import { fetch_and, fetch_or, READ_ONCE, store } from '../../mem/heap.js';
import { EV } from '../../trace/events.js';
import { vmlinux } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { trace_pid } from '../sched/pid.js';

export function cpu_possible(k: Kernel, cpu: number): boolean {
  return ((READ_ONCE(k, k.g, vmlinux.cpu_possible_mask) >>> cpu) & 1) !== 0;
}

export function cpu_present(k: Kernel, cpu: number): boolean {
  return ((READ_ONCE(k, k.g, vmlinux.cpu_present_mask) >>> cpu) & 1) !== 0;
}

export function cpu_online(k: Kernel, cpu: number): boolean {
  return ((READ_ONCE(k, k.g, vmlinux.cpu_online_mask) >>> cpu) & 1) !== 0;
}

export function cpu_active(k: Kernel, cpu: number): boolean {
  return ((READ_ONCE(k, k.g, vmlinux.cpu_active_mask) >>> cpu) & 1) !== 0;
}

export function num_online_cpus(k: Kernel): number {
  let mask = READ_ONCE(k, k.g, vmlinux.cpu_online_mask);
  let n = 0;
  while (mask !== 0) {
    mask &= mask - 1;
    n++;
  }
  return n;
}

export function set_cpu_online(k: Kernel, cpu: number, online: boolean): void {
  if (online) fetch_or(k, k.g, vmlinux.cpu_online_mask, 1 << cpu);
  else fetch_and(k, k.g, vmlinux.cpu_online_mask, ~(1 << cpu));
  k.trace.emit(EV.cpu_online, trace_pid(k), cpu, online ? 1 : 0, 0, 0, 0);
}

export function set_cpu_active(k: Kernel, cpu: number, active: boolean): void {
  if (active) fetch_or(k, k.g, vmlinux.cpu_active_mask, 1 << cpu);
  else fetch_and(k, k.g, vmlinux.cpu_active_mask, ~(1 << cpu));
}

/** At boot, before anybody else runs. */
export function init_cpu_masks(k: Kernel, possible: number, online: number): void {
  store(k, k.g, vmlinux.cpu_possible_mask, possible);
  store(k, k.g, vmlinux.cpu_present_mask, possible);
  store(k, k.g, vmlinux.cpu_online_mask, online);
  store(k, k.g, vmlinux.cpu_active_mask, online);
}
