// SPDX-License-Identifier: GPL-2.0-only
/**
 * CPU hotplug, the side of the boot processor: cpu_up and cpu_down run on a control path (kernel/cpu.c).
 *
 * cpu_add_remove_lock guards cpu_hotplug_disabled and serializes operations; cpu_hotplug_lock, taken for writing
 * inside it, keeps out everybody who needs the set of CPUs to stand still.
 */
import { B } from '../../mem/barriers.js';
import { futex_wake, load, READ_ONCE, smp_mb, smp_store_release, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded } from '../../mem/layout.js';
import { EV, PHASE } from '../../trace/events.js';
import {
  CPUHP_AP_OFFLINE,
  CPUHP_AP_ONLINE_IDLE,
  CPUHP_BRINGUP_CPU,
  CPUHP_OFFLINE,
  CPUHP_ONLINE,
  CPUHP_TEARDOWN_CPU,
  EBUSY,
  EINVAL,
  WARN,
} from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, vmlinux } from '../abi/structs.js';
import { type Kernel, now_us, per_cpu } from '../kernel.js';
import { reinit_completion, wait_for_completion } from '../locking/completion.js';
import { trace_pid } from '../sched/pid.js';
import { wake_up_process } from '../sched/wakeup.js';
import {
  cpu_maps_update_begin,
  cpu_maps_update_done,
  cpuhp_invoke_callback,
  cpuhp_state,
  may_go_down,
} from './callbacks.js';
import { STOP_TAKE_CPU_DOWN } from './hotplug_ap.js';
import { cpus_write_lock, cpus_write_unlock } from './hotplug_lock.js';
import { cpu_present } from './masks.js';
import { stop_machine_cpuslocked } from './stop_machine.js';

/** Brings `cpu` up. 0; -EINVAL: no such CPU; -EBUSY: hotplug is disabled, at once and without waiting. */
export function cpu_up(k: Kernel, cpu: number): number {
  const since = now_us(k);
  k.trace.emit(EV.cpu_up, trace_pid(k), cpu, PHASE.begin, 0, 0, 0);
  cpu_maps_update_begin(k, _THIS_IP_.cpu_up);
  let err: number;
  if (!cpu_present(k, cpu)) err = -EINVAL;
  else if (load(k, k.g, vmlinux.cpu_hotplug_disabled) !== 0) err = -EBUSY;
  else err = _cpu_up(k, cpu);
  const state = cpuhp_state(k, cpu);
  cpu_maps_update_done(k);
  k.trace.emit(EV.cpu_up, trace_pid(k), cpu, PHASE.end, err, now_us(k) - since, state);
  return err;
}

/** Takes `cpu` down. 0; -EINVAL: it is not up; -EBUSY: hotplug is disabled, or it is the last CPU. */
export function cpu_down(k: Kernel, cpu: number): number {
  const since = now_us(k);
  k.trace.emit(EV.cpu_down, trace_pid(k), cpu, PHASE.begin, 0, 0, 0);
  cpu_maps_update_begin(k, _THIS_IP_.cpu_down);
  let err: number;
  if (load(k, k.g, vmlinux.cpu_hotplug_disabled) !== 0) err = -EBUSY;
  else if (!may_go_down(k)) err = -EBUSY;
  else if (!cpu_present(k, cpu)) err = -EINVAL;
  else err = _cpu_down(k, cpu);
  const state = cpuhp_state(k, cpu);
  cpu_maps_update_done(k);
  k.trace.emit(EV.cpu_down, trace_pid(k), cpu, PHASE.end, err, now_us(k) - since, state);
  return err;
}

function _cpu_up(k: Kernel, cpu: number): number {
  const st = per_cpu(k, cpu);
  cpus_write_lock(k, _THIS_IP_.cpu_up);
  let err = 0;
  if (READ_ONCE(k, st, percpu.cpuhp_state) < CPUHP_ONLINE) {
    store(k, st, percpu.cpuhp_target, CPUHP_ONLINE);
    err = cpuhp_up_callbacks(k, cpu);
    if (err === 0) err = bringup_cpu(k, cpu);
  }
  cpus_write_unlock(k);
  return err;
}

/** The PREPARE section, run here. On an error the states passed are taken back. */
function cpuhp_up_callbacks(k: Kernel, cpu: number): number {
  const st = per_cpu(k, cpu);
  let state = load(k, st, percpu.cpuhp_state);
  const from = state;
  while (state < CPUHP_BRINGUP_CPU) {
    const err = cpuhp_invoke_callback(k, cpu, state + 1, true);
    if (err !== 0) {
      for (; state > from; state--) cpuhp_invoke_callback(k, cpu, state, false);
      WRITE_ONCE(k, st, percpu.cpuhp_state, from);
      return err;
    }
    state++;
    WRITE_ONCE(k, st, percpu.cpuhp_state, state);
  }
  return 0;
}

/** Lets the parked worker of the CPU go on, waits until its idle task is there, then has its cpuhp thread finish. */
function bringup_cpu(k: Kernel, cpu: number): number {
  const st = per_cpu(k, cpu);
  reinit_completion(k, embedded(st, percpu.cpuhp_done_up));
  WRITE_ONCE(k, st, percpu.cpuhp_state, CPUHP_AP_OFFLINE);
  /* CPU_BOOT, release: the state and the completion above, before the AP goes on. Pairs with arch_cpu_idle_dead. */
  smp_store_release(k, st, percpu.boot_word, 1);
  futex_wake(k, st, percpu.boot_word, 1);
  /* bringup_wait_for_ap_online. Condition: the AP reached its idle loop. Waker: cpuhp_online_idle. */
  wait_for_completion(k, embedded(st, percpu.cpuhp_done_up), _THIS_IP_.cpu_up);
  WRITE_ONCE(k, st, percpu.cpuhp_state, CPUHP_AP_ONLINE_IDLE);
  return cpuhp_kick_ap(k, cpu, CPUHP_ONLINE);
}

/** Sends the cpuhp thread of the CPU to `target` and waits for it; on an error back to where it came from. */
function cpuhp_kick_ap(k: Kernel, cpu: number, target: number): number {
  const st = per_cpu(k, cpu);
  const from = READ_ONCE(k, st, percpu.cpuhp_state);
  __cpuhp_kick_ap(k, cpu, target, target > from);
  const err = READ_ONCE(k, st, percpu.cpuhp_result);
  if (err !== 0) __cpuhp_kick_ap(k, cpu, from, target <= from);
  return err;
}

function __cpuhp_kick_ap(k: Kernel, cpu: number, target: number, bringup: boolean): void {
  const st = per_cpu(k, cpu);
  const done = embedded(st, bringup ? percpu.cpuhp_done_up : percpu.cpuhp_done_down);
  reinit_completion(k, done);
  store(k, st, percpu.cpuhp_result, 0);
  store(k, st, percpu.cpuhp_target, target);
  store(k, st, percpu.cpuhp_bringup, bringup ? 1 : 0);
  /*
   * CPUHP_MB_KICK: target and direction before should_run. Pairs with CPUHP_MB_FUN in cpuhp_thread_fun. Without it
   * the AP, which may be awake already, runs with the old target.
   */
  smp_mb(k, B.CPUHP_MB_KICK);
  WRITE_ONCE(k, st, percpu.cpuhp_should_run, 1);
  wake_up_process(k, load(k, st, percpu.cpuhp_thread), _THIS_IP_.cpu_up);
  /* Condition: the thread reached the target or failed. Waker: cpuhp_thread_fun. */
  wait_for_completion(k, done, _THIS_IP_.cpu_up);
}

function _cpu_down(k: Kernel, cpu: number): number {
  const st = per_cpu(k, cpu);
  cpus_write_lock(k, _THIS_IP_.cpu_down);
  let err = 0;
  if (READ_ONCE(k, st, percpu.cpuhp_state) <= CPUHP_TEARDOWN_CPU) {
    err = -EINVAL;
  } else {
    err = cpuhp_kick_ap(k, cpu, CPUHP_TEARDOWN_CPU);
    if (err === 0) {
      takedown_cpu(k, cpu);
      let state: number = CPUHP_BRINGUP_CPU;
      for (; state > CPUHP_OFFLINE; state--) cpuhp_invoke_callback(k, cpu, state, false);
      WRITE_ONCE(k, st, percpu.cpuhp_state, CPUHP_OFFLINE);
    }
  }
  cpus_write_unlock(k);
  return err;
}

/** All CPUs stop, the dying one leaves the masks and hands its tasks over; then its idle task reports that it died. */
function takedown_cpu(k: Kernel, cpu: number): void {
  const st = per_cpu(k, cpu);
  reinit_completion(k, embedded(st, percpu.cpuhp_done_down));
  WRITE_ONCE(k, st, percpu.boot_word, 0);
  stop_machine_cpuslocked(k, STOP_TAKE_CPU_DOWN, cpu, cpu);
  /* Condition: the idle task of the CPU is about to park. Waker: cpuhp_report_idle_dead. */
  wait_for_completion(k, embedded(st, percpu.cpuhp_done_down), _THIS_IP_.cpu_down);
}

/**
 * Hard blocking: from here to cpu_hotplug_enable, cpu_up and cpu_down fail with -EBUSY instead of waiting. Waits for
 * an operation in flight, since it takes cpu_add_remove_lock.
 */
export function cpu_hotplug_disable(k: Kernel): void {
  cpu_maps_update_begin(k, _THIS_IP_.cpu_hotplug_disable);
  const n = load(k, k.g, vmlinux.cpu_hotplug_disabled) + 1;
  store(k, k.g, vmlinux.cpu_hotplug_disabled, n);
  k.trace.emit(EV.hotplug_disable, trace_pid(k), n, 0, 0, 0, 0);
  cpu_maps_update_done(k);
}

export function cpu_hotplug_enable(k: Kernel): void {
  cpu_maps_update_begin(k, _THIS_IP_.cpu_hotplug_enable);
  const n = load(k, k.g, vmlinux.cpu_hotplug_disabled) - 1;
  if (n < 0) {
    k.trace.emit(EV.warn, trace_pid(k), WARN.unbalanced_hotplug_enable, 0, 0, 0, 0);
  } else {
    store(k, k.g, vmlinux.cpu_hotplug_disabled, n);
    k.trace.emit(EV.hotplug_disable, trace_pid(k), n, 0, 0, 0, 0);
  }
  cpu_maps_update_done(k);
}
