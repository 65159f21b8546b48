// SPDX-License-Identifier: GPL-2.0-only
/**
 * A machine of real threads: one worker for each simulated CPU and one for each control path, in a Piscina pool whose
 * workers live as long as the machine. No worker is ever terminated while others run: one that sleeps on a futex would
 * take the wake-up meant for another with it.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { CONTROL_ROLES, type ControlRole } from '../../kernel/abi/actors.js';
import { MACHINE_HALTED, MACHINE_RUNNING, MACHINE_STOPPING } from '../../kernel/abi/constants.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { MachineOptions, MachineShared } from '../../machine/view.js';
import { futex_wake, READ_ONCE, WRITE_ONCE } from '../../mem/heap.js';
import type { Ptr } from '../../mem/layout.js';
import type { Scenario } from '../../scenario/types.js';
import { type KernelModules, ordinaryKernel } from './kernel_modules.js';

export interface ThreadsMachine {
  readonly shared: MachineShared;
  /** Handle of the boot actor, for looks at the machine from the host. */
  readonly k: Kernel;
  /** Resolves when every thread has come up and waits for the start, or one has died. */
  ready(): Promise<void>;
  /** Lets the CPUs and control paths go. */
  start(): void;
  /** Control paths wind down: no new operations. */
  stop(): void;
  /** CPUs and service threads leave their loops. */
  halt(): void;
  /** Resolves when the control paths that make operations have left theirs (after `stop`). */
  readonly controlsDone: Promise<void>;
  /** Resolves when all threads have left (after `halt`). */
  readonly allDone: Promise<void>;
  /** Resolves with the cause if a thread dies. */
  readonly died: Promise<{ actor: number; error: Error }>;
  /** Frees the pool. Only after allDone, or when the process is about to end. */
  dispose(): Promise<void>;
}

const cpuWorker = new URL('../../../workers/cpu.js', import.meta.url).href;
const controlWorker = new URL('../../../workers/control.js', import.meta.url).href;

/** Control paths that make operations; the others (kworker, rcu) serve until the machine halts. */
const OPERATORS: readonly ControlRole[] = ['livepatch', 'hotplug', 'third'];

export function createThreadsMachine(
  scenario: Scenario,
  options: MachineOptions,
  kernel: KernelModules = ordinaryKernel,
): ThreadsMachine {
  const { percpu, vmlinux } = kernel.structs;
  const { controlActor } = kernel.view;
  const per_cpu = (k: Kernel, actor: number) => (k.percpu_base + actor * percpu.$words) as Ptr<'percpu'>;
  const tree = kernel.url;
  const plan = kernel.plan.planMachine(scenario);
  const shared = kernel.view.createShared(scenario, plan, options);
  const k = kernel.view.kernelView(shared, controlActor(plan, 'boot'));
  k.trace.unpark();
  kernel.bootMachine(k, shared);
  k.trace.park();
  const roles = CONTROL_ROLES.filter((role) => role !== 'boot');
  const threads = plan.nrCpus + roles.length;
  const pool = new Piscina({
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
  });
  let reportDeath: (death: { actor: number; error: Error }) => void = () => {};
  const died = new Promise<{ actor: number; error: Error }>((resolve) => {
    reportDeath = resolve;
  });
  const watch = (actor: number, run: Promise<unknown>): Promise<void> =>
    run.then(
      () => undefined,
      (error: unknown) =>
        reportDeath({ actor, error: error instanceof Error ? error : new Error(String(error)) }),
    );
  const cpus = Array.from({ length: plan.nrCpus }, (_, actor) =>
    watch(actor, pool.run({ shared, actor, tree }, { filename: cpuWorker })),
  );
  const operators: Promise<void>[] = [];
  const services: Promise<void>[] = [];
  for (const role of roles) {
    const done = watch(
      controlActor(plan, role),
      pool.run({ shared, role, tree }, { filename: controlWorker }),
    );
    (OPERATORS.includes(role) ? operators : services).push(done);
  }
  const setState = (state: number) => {
    WRITE_ONCE(k, k.g, vmlinux.machine_state, state);
    futex_wake(k, k.g, vmlinux.machine_state, threads);
  };
  return {
    shared,
    k,
    ready: async () => {
      let dead = false;
      died.then(() => {
        dead = true;
      });
      const up = (a: number) => READ_ONCE(k, per_cpu(k, a), percpu.heartbeat) !== 0;
      for (let a = 0; a < threads && !dead; ) {
        if (up(a)) a++;
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    start: () => setState(MACHINE_RUNNING),
    stop: () => setState(MACHINE_STOPPING),
    halt: () => {
      setState(MACHINE_HALTED);
      /* CPUs that are parked look at the state when they wake. */
      for (let cpu = 0; cpu < plan.nrCpus; cpu++) {
        const p = per_cpu(k, cpu);
        futex_wake(k, p, percpu.boot_word, 1);
        if (READ_ONCE(k, p, percpu.halted) !== 0) futex_wake(k, p, percpu.ipi, 1);
      }
    },
    controlsDone: Promise.all(operators).then(() => undefined),
    allDone: Promise.all([...cpus, ...operators, ...services]).then(() => undefined),
    died,
    dispose: () => pool.destroy(),
  };
}

export function hostCores(): number {
  return availableParallelism();
}
