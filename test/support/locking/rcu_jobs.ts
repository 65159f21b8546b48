// SPDX-License-Identifier: GPL-2.0-only
/** Readers in preempt-disabled sections, and updaters that wait for them or do not. */
import { ACTOR_STATE, TIF_NEED_RESCHED } from '#src/kernel/abi/constants.js';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { rcu_head, vmlinux } from '#src/kernel/abi/structs.js';
import { handle_ipi } from '#src/kernel/cpu/ipi.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { complete, wait_for_completion } from '#src/kernel/locking/completion.js';
import {
  call_rcu,
  RCU_FUNC_COMPLETE,
  rcu_eqs_enter,
  rcu_eqs_exit,
  rcu_qs,
  rcu_read_lock,
  rcu_read_unlock,
  synchronize_rcu,
} from '#src/kernel/rcu/tree.js';
import { cpu_relax, set_actor_state } from '#src/kernel/sched/preempt.js';
import { clear_tsk_thread_flag, need_resched } from '#src/kernel/sched/thread_flags.js';
import { futex_wait, load, READ_ONCE, store, WRITE_ONCE, xchg } from '#src/mem/heap.js';
import { element, element_of, embedded, type Ptr } from '#src/mem/layout.js';
import type { Args, RunJob } from './jobs.js';
import { type Lab, lab_area, labArea } from './lab.js';
import { await_step, relax, set_step, state_of, step_of } from './steps.js';

const POISON = 0x6b6b6b6b;
const ALIVE = 1;

/** In a section until somebody has waited for a grace period for a while, or step 2: then sets the counter. */
function section(k: Kernel, lab: Lab, args: Args): number {
  set_actor_state(k, ACTOR_STATE.running, 0);
  rcu_read_lock(k);
  set_step(k, lab, 1);
  const waiter = lab.cpus + Number(args.waiter);
  while (step_of(k, lab) < 2 && state_of(k, waiter) !== ACTOR_STATE.synchronize_rcu) cpu_relax(k);
  relax(k, 2000);
  store(k, labArea(lab), lab_area.counter, 1);
  rcu_read_unlock(k);
  rcu_qs(k);
  return 0;
}

/** Waits for a grace period while the reader is in its section; returns whether the reader had left. */
function update(k: Kernel, lab: Lab, args: Args): number {
  set_actor_state(k, ACTOR_STATE.running, 0);
  await_step(k, lab, 1);
  if (!args.busted) synchronize_rcu(k);
  const left = load(k, labArea(lab), lab_area.counter);
  set_step(k, lab, 2);
  return left;
}

/** The same through call_rcu. */
function update_async(k: Kernel, lab: Lab): number {
  const area = labArea(lab);
  const done = embedded(area, lab_area.done);
  set_actor_state(k, ACTOR_STATE.running, 0);
  await_step(k, lab, 1);
  call_rcu(k, element_of(area, lab_area.heads, rcu_head, 0), RCU_FUNC_COMPLETE, done);
  wait_for_completion(k, done, _THIS_IP_.test);
  const left = load(k, area, lab_area.counter);
  set_step(k, lab, 2);
  return left;
}

/** An RCU thread that runs callbacks at once. */
function rcu_thread_busted(k: Kernel, lab: Lab): number {
  while (READ_ONCE(k, labArea(lab), lab_area.stop) === 0) {
    const head = xchg(k, k.g, vmlinux.rcu_cblist, 0 as Ptr<'rcu_head'>);
    if (head !== 0) complete(k, load(k, head, rcu_head.arg) as Ptr<'completion'>);
    else cpu_relax(k);
    if (step_of(k, lab) >= 2) break;
  }
  return 0;
}

/** In an extended quiescent state from step 1 to step 2, and reports nothing. */
function eqs(k: Kernel, lab: Lab): number {
  rcu_eqs_enter(k);
  set_step(k, lab, 1);
  /* Bounded naps, since set_step wakes nobody. */
  while (step_of(k, lab) < 2) futex_wait(k, labArea(lab), lab_area.step, 1, 1);
  rcu_eqs_exit(k);
  return 0;
}

/** A CPU that runs on in the kernel and reports only when it is told to reschedule. Returns how often it was. */
function cpu_busy(k: Kernel, lab: Lab): number {
  let asked = 0;
  set_step(k, lab, 1);
  while (step_of(k, lab) < 2) {
    handle_ipi(k);
    if (!need_resched(k)) continue;
    clear_tsk_thread_flag(k, k.current, TIF_NEED_RESCHED);
    asked++;
    rcu_qs(k);
  }
  return asked;
}

/** `n` callbacks in a row, then waits for all. */
function flood(k: Kernel, lab: Lab, args: Args): number {
  const area = labArea(lab);
  const done = embedded(area, lab_area.done);
  const n = Number(args.n);
  for (let i = 0; i < n; i++) {
    call_rcu(k, element_of(area, lab_area.heads, rcu_head, Number(args.from) + i), RCU_FUNC_COMPLETE, done);
  }
  for (let i = 0; i < n; i++) wait_for_completion(k, done, _THIS_IP_.test);
  return n;
}

/* rcutorture in small: the log's words are objects, `a` names the current one. */

/** Publishes object `own`, takes the old one, waits for a grace period, poisons it, uses it again. */
function replace(k: Kernel, lab: Lab, args: Args): number {
  const area = labArea(lab);
  let mine = Number(args.own);
  set_actor_state(k, ACTOR_STATE.running, 0);
  for (let i = 0; i < Number(args.rounds); i++) {
    WRITE_ONCE(k, area, element(lab_area.log, mine), ALIVE);
    mine = xchg(k, area, lab_area.a, mine);
    if (!args.busted) synchronize_rcu(k);
    WRITE_ONCE(k, area, element(lab_area.log, mine), POISON);
    relax(k, 20);
  }
  set_step(k, lab, step_of(k, lab) + 1);
  return 0;
}

/** Reads the current object until step 1; returns how many were poisoned under it. */
function follow(k: Kernel, lab: Lab): number {
  const area = labArea(lab);
  let poisoned = 0;
  set_actor_state(k, ACTOR_STATE.running, 0);
  while (step_of(k, lab) < 1) {
    rcu_read_lock(k);
    const object = READ_ONCE(k, area, lab_area.a);
    relax(k, 30);
    if (READ_ONCE(k, area, element(lab_area.log, object)) === POISON) poisoned++;
    rcu_read_unlock(k);
    rcu_qs(k);
  }
  return poisoned;
}

export const rcu_jobs: Record<string, RunJob> = {
  section,
  update,
  update_async,
  rcu_thread_busted,
  eqs,
  cpu_busy,
  flood,
  replace,
  follow,
};
