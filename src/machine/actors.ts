// SPDX-License-Identifier: GPL-2.0-only
/** What each thread of a machine runs from its start to the machine's end. */

import type { ControlRole } from '../kernel/abi/actors.js';
import { ACTOR_STATE, MACHINE_BOOTING, MACHINE_HALTED, PF_IDLE } from '../kernel/abi/constants.js';
import { percpu, task_struct, vmlinux } from '../kernel/abi/structs.js';
import { arch_cpu_idle_dead } from '../kernel/cpu/hotplug_ap.js';
import { cpu_online } from '../kernel/cpu/masks.js';
import type { Kernel } from '../kernel/kernel.js';
import { klp_transition_work_fn } from '../kernel/livepatch/core.js';
import { klp_free_patch_work_fn } from '../kernel/livepatch/free.js';
import { rcu_eqs_enter, rcu_eqs_exit, rcu_gp_kthread_pass } from '../kernel/rcu/tree.js';
import { delayed_work_due } from '../kernel/sched/delayed_work.js';
import { do_idle, idle_switch_point } from '../kernel/sched/idle.js';
import { set_actor_state } from '../kernel/sched/preempt.js';
import { exec } from '../kernel/text/exec.js';
import { futex_wait, load, note, READ_ONCE } from '../mem/heap.js';
import { embedded } from '../mem/layout.js';
import { actorSeed, Rng } from '../util/rng.js';
import { tortureLivepatch } from '../workload/torture/livepatch.js';
import { tortureOnoff } from '../workload/torture/onoff.js';
import { tortureThird } from '../workload/torture/third.js';
import type { MachineShared } from './view.js';

/** Waits for the start of the machine. Condition: machine_state left BOOTING. Waker: the host. */
function awaitStart(k: Kernel): void {
  set_actor_state(k, ACTOR_STATE.boot, 0);
  note(k, k.me, percpu.heartbeat, 1);
  while (READ_ONCE(k, k.g, vmlinux.machine_state) === MACHINE_BOOTING) {
    futex_wait(k, k.g, vmlinux.machine_state, MACHINE_BOOTING, Number.POSITIVE_INFINITY);
  }
}

function halted(k: Kernel): boolean {
  return READ_ONCE(k, k.g, vmlinux.machine_state) === MACHINE_HALTED;
}

function leave(k: Kernel): void {
  set_actor_state(k, ACTOR_STATE.exited, 0);
  k.trace.park();
}

/** A simulated CPU: alternates between its idle task and the tasks of its queue. */
export function runCpu(k: Kernel): void {
  awaitStart(k);
  rcu_eqs_exit(k);
  k.trace.unpark();
  set_actor_state(k, ACTOR_STATE.running, 0);
  if (!cpu_online(k, k.actor)) {
    set_actor_state(k, ACTOR_STATE.offline, 0);
    arch_cpu_idle_dead(k);
  }
  while (!halted(k)) {
    if ((load(k, k.current, task_struct.flags) & PF_IDLE) !== 0) {
      do_idle(k);
      continue;
    }
    set_actor_state(k, ACTOR_STATE.running, 0);
    exec(k);
    /* The idle task has been chosen again: it goes on after schedule_idle, at its switch point. */
    if (!halted(k)) idle_switch_point(k);
  }
  rcu_eqs_enter(k);
  leave(k);
}

export function runControl(k: Kernel, shared: MachineShared, role: ControlRole): void {
  awaitStart(k);
  rcu_eqs_exit(k);
  k.trace.unpark();
  set_actor_state(k, ACTOR_STATE.running, 0);
  const rng = new Rng(actorSeed(shared.scenario.seed, k.actor));
  const { control } = shared.scenario;
  if (role === 'livepatch') {
    if (shared.scenario.patches.length > 0) tortureLivepatch(k, rng, control.livepatch);
  } else if (role === 'hotplug') {
    if (control.hotplug !== null) tortureOnoff(k, rng, control.hotplug);
  } else if (role === 'third') {
    tortureThird(k, rng, control);
  } else if (role === 'kworker') {
    kworkerLoop(k);
  } else if (role === 'rcu') {
    while (!halted(k)) rcu_gp_kthread_pass(k, k.cfg.watch_ms);
  }
  rcu_eqs_enter(k);
  leave(k);
}

/** The unbound worker that serves livepatch's delayed work, until the machine halts. */
function kworkerLoop(k: Kernel): void {
  const work = embedded(k.g, vmlinux.klp_transition_work);
  while (!halted(k)) {
    if (!delayed_work_due(k, work, k.cfg.watch_ms)) continue;
    klp_transition_work_fn(k);
    klp_free_patch_work_fn(k);
  }
}
