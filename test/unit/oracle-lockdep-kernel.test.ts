// SPDX-License-Identifier: GPL-2.0-only
/** The kernel's own locks are in order: those of control paths, and those of a CPU that runs its tasks. */
import { expect, it } from 'vitest';
import { MACHINE_HALTED, MACHINE_RUNNING, PF_IDLE } from '#src/kernel/abi/constants.js';
import { COUNTER } from '#src/kernel/abi/counters.js';
import { _THIS_IP_, LOCK_CLASS } from '#src/kernel/abi/lock_classes.js';
import { task_struct, vmlinux } from '#src/kernel/abi/structs.js';
import { cpu_down, cpu_up } from '#src/kernel/cpu/hotplug.js';
import type { Kernel } from '#src/kernel/kernel.js';
import {
  enabled_store,
  free_module,
  klp_enable_patch,
  klp_in_transition,
  load_module,
} from '#src/kernel/livepatch/core.js';
import { rcu_eqs_exit } from '#src/kernel/rcu/tree.js';
import { do_idle, idle_switch_point } from '#src/kernel/sched/idle.js';
import { exec } from '#src/kernel/text/exec.js';
import { bootMachine } from '#src/machine/boot.js';
import { planMachine } from '#src/machine/plan.js';
import { controlActor, createShared, kernelView } from '#src/machine/view.js';
import { load, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { Lockdep, type LockdepTracker } from '#src/oracle/lockdep.js';
import { LOCK_WRITE } from '#src/trace/lock_tracker.js';
import { awaitWord, drive, quiet } from '../support/driven_machine.js';
import { preset } from '../support/soaking.js';

const { test } = _THIS_IP_;

/** The tracker has heard of this order: the other way round closes a cycle. */
function knows(t: LockdepTracker, lockdep: Lockdep, outer: number, inner: number): boolean {
  const before = lockdep.violations.length;
  t.acquired(1, inner, LOCK_WRITE, test, false);
  t.contended(2, outer, LOCK_WRITE, test);
  t.release(1, inner);
  return lockdep.violations.length === before + 1;
}

it.each([
  'percpu-rwsem',
  'refcount',
] as const)('a patch goes on and off and a CPU down and up, with the hotplug lock as %s', async (hotplugLock) => {
  const lockdep = new Lockdep();
  let t = lockdep.tracker(0);
  await drive(quiet('default', { cpus: 2, online: 2, hotplugLock }), (host) => {
    t = lockdep.tracker(host.actor);
    const k: Kernel = { ...host, lockdep: t };
    const patch = load_module(k, 0);
    expect(klp_enable_patch(k, patch)).toBe(0);
    awaitWord('patched', () => !klp_in_transition(k, patch));
    expect([cpu_down(k, 1), cpu_up(k, 1)]).toEqual([0, 0]);
    expect(enabled_store(k, patch, 0)).toBe(0);
    awaitWord('unpatched', () => !klp_in_transition(k, patch));
    expect(free_module(k, patch, true)).toBe(true);
  });
  lockdep.end();
  expect(lockdep.violations).toEqual([]);
  expect(knows(t, lockdep, LOCK_CLASS.cpu_add_remove_lock, LOCK_CLASS.cpu_hotplug_lock)).toBe(true);
  expect(knows(t, lockdep, LOCK_CLASS.klp_mutex, LOCK_CLASS.tasklist_lock)).toBe(true);
});

it.each(['forkstorm', 'hotplug'])('one CPU of %s runs alone', (name) => {
  const scenario = preset(name, { cpus: 2, online: 1 });
  const plan = planMachine(scenario);
  const shared = createShared(scenario, plan, { trace: 'off', lockStat: false });
  const boot = kernelView(shared, controlActor(plan, 'boot'));
  bootMachine(boot, shared);
  WRITE_ONCE(boot, boot.g, vmlinux.machine_state, MACHINE_RUNNING);
  const lockdep = new Lockdep();
  const t = lockdep.tracker(0);
  /* Time goes on with each look at it, and so many looks are the length of the run. */
  let looks = 0;
  const now_ns = () => {
    if (++looks === 3000) WRITE_ONCE(boot, boot.g, vmlinux.machine_state, MACHINE_HALTED);
    return looks * 200_000;
  };
  const k: Kernel = { ...kernelView(shared, 0), clock: { now_ns }, lockdep: t };
  rcu_eqs_exit(k);
  while (READ_ONCE(k, k.g, vmlinux.machine_state) !== MACHINE_HALTED) {
    if ((load(k, k.current, task_struct.flags) & PF_IDLE) !== 0) do_idle(k);
    else exec(k);
    if ((load(k, k.current, task_struct.flags) & PF_IDLE) !== 0) idle_switch_point(k);
  }
  lockdep.end();
  expect(lockdep.violations).toEqual([]);
  expect(k.count[COUNTER.context_switches]).toBeGreaterThan(100);
  expect(knows(t, lockdep, LOCK_CLASS['p->pi_lock'], LOCK_CLASS['rq->lock'])).toBe(true);
});
