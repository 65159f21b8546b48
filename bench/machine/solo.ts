// SPDX-License-Identifier: GPL-2.0-only
/**
 * A machine without threads: the heap of a booted one, and the handles of its actors in the thread of the bench,
 * which is one actor after the other. Nothing else runs, so nothing may be waited for.
 */
import type { ControlRole } from '../../src/kernel/abi/actors.js';
import { percpu, task_struct, vmlinux } from '../../src/kernel/abi/structs.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { rcu_eqs_exit } from '../../src/kernel/rcu/tree.js';
import { exec } from '../../src/kernel/text/exec.js';
import { bootMachine } from '../../src/machine/boot.js';
import { planMachine } from '../../src/machine/plan.js';
import { controlActor, createShared, kernelView, type MachineShared } from '../../src/machine/view.js';
import { load, store } from '../../src/mem/heap.js';
import type { Scenario } from '../../src/scenario/types.js';

export interface SoloMachine {
  readonly shared: MachineShared;
  /** CPU 0, on its idle task. */
  readonly cpu: Kernel;
  /** The control path that booted the machine. */
  readonly boot: Kernel;
}

/** `online` false: no CPU is, so that what waits for every online CPU waits for none. */
export function soloMachine(
  scenario: Scenario,
  options: { readonly online: boolean; readonly lockStat: boolean },
): SoloMachine {
  const plan = planMachine(scenario);
  const shared = createShared(scenario, plan, { trace: 'off', lockStat: options.lockStat });
  const boot = kernelView(shared, controlActor(plan, 'boot'));
  bootMachine(boot, shared);
  if (!options.online) store(boot, boot.g, vmlinux.cpu_online_mask, 0);
  return { shared, cpu: kernelView(shared, 0), boot };
}

/** A control path that has started: RCU watches it. */
export function controlHandle(machine: SoloMachine, role: ControlRole): Kernel {
  const k = kernelView(machine.shared, controlActor(machine.shared.plan, role));
  rcu_eqs_exit(k);
  return k;
}

/**
 * Runs the function at text address `entry` on the idle task of CPU 0 until it returns. The idle task is the one that
 * may call any function without being asked to share its CPU.
 */
export function runFunction(cpu: Kernel, entry: number): void {
  const idle = load(cpu, cpu.me, percpu.idle);
  const stack = load(cpu, idle, task_struct.stack) as number;
  cpu.i32[stack] = cpu.cfg.idle_end;
  store(cpu, idle, task_struct.sp, 1);
  store(cpu, idle, task_struct.pc, entry);
  exec(cpu);
}

export function entryOf(machine: SoloMachine, name: string): number {
  const f = machine.shared.plan.text.functions.find((x) => x.name === name);
  if (f === undefined) throw new RangeError(`no function ${name} in the text`);
  return f.entry;
}
