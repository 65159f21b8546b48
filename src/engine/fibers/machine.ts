// SPDX-License-Identifier: GPL-2.0-only
/**
 * A machine of coroutines: the same kernel, scenario and boot as on threads, in one thread, under a scheduler that
 * decides at every operation on shared memory. It is booted once; each execution starts from a copy of that heap.
 */

import { CONTROL_ROLES, type ControlRole } from '../../kernel/abi/actors.js';
import { MACHINE_HALTED, MACHINE_RUNNING, MACHINE_STOPPING } from '../../kernel/abi/constants.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Plan, Tuning } from '../../machine/plan.js';
import type { MachineShared } from '../../machine/view.js';
import type { Scenario } from '../../scenario/types.js';
import type { Scheduler } from '../../schedule/scheduler.js';
import { LockStat } from '../../trace/lock_stat.js';
import type { LockTracker } from '../../trace/lock_tracker.js';
import { isOurFault } from '../../util/call_stack.js';
import { SimulatorBug } from '../../util/fault.js';
import { lockOrders } from './lock_orders.js';
import type { MemoryModel } from './memory_model.js';
import type { AccessObserver } from './observer.js';
import { type Decisions, type EndKind, type Fiber, rt } from './runtime.js';
import { drawWords, hashWords, seedDraws } from './state.js';
import { FiberTrace } from './trace.js';
import type { KernelTree } from './tree.js';
import { DIRECTION, type Drops } from './weak/drops.js';

/** Interrupts may come at any step of text, and nobody needs to look around for its own sake. */
export const fibersTuning: Tuning = { pollSteps: 1, watchMs: Number.POSITIVE_INFINITY };

export interface ExecuteOptions {
  /** Seeds what the control paths and tasks draw. */
  readonly seed: number;
  /** Operations after which the execution is cut. */
  readonly maxSteps: number;
  readonly model?: MemoryModel | null;
  readonly observer?: AccessObserver | null;
  /** Barriers that are left out. */
  readonly drops?: Drops | null;
}

export interface Execution {
  readonly end: EndKind;
  readonly steps: number;
  /** Virtual time at the end, ns. */
  readonly now_ns: number;
  readonly decisions: Decisions;
  /** What an actor threw, and which; null and -1 otherwise. */
  readonly error: unknown;
  readonly actor: number;
}

const OPERATORS: readonly ControlRole[] = ['livepatch', 'hotplug'];

export class FibersMachine {
  readonly plan: Plan;
  readonly trace = new FiberTrace();
  readonly heap: Int32Array;
  readonly kernels: readonly Kernel[];
  readonly shared: MachineShared;
  /** Told when all sleep and time will pass. */
  onStandstill: (machine: FibersMachine) => void = () => {};
  private readonly snapshot: Int32Array;
  private readonly bootRecords: number;
  /** Words with the draws of the tasks that the boot starts. */
  private readonly drawWords: readonly number[];
  private readonly first: readonly Kernel['current'][];
  private readonly lockOrders: Uint8Array;
  /** Control paths that are still at work. */
  private operators = 0;
  private lateWakes = 0;

  constructor(
    readonly tree: KernelTree,
    readonly scenario: Scenario,
    /** Who keeps book of an actor's locks; by default nobody does. */
    tracker?: (actor: number) => LockTracker,
  ) {
    this.plan = tree.plan.planMachine(scenario, fibersTuning);
    this.lockOrders = lockOrders(tree.sites);
    const { plan } = this;
    const shared = tree.view.createShared(
      scenario,
      { ...plan, heapWords: 0 },
      { trace: 'all', lockStat: false },
    );
    this.shared = { ...shared, plan };
    this.heap = new Int32Array(plan.heapWords);
    const clock = { now_ns: () => rt.now_ns() };
    const step = () => rt.step();
    this.kernels = Array.from({ length: plan.nrActors }, (_, actor) =>
      tree.view.makeKernel(this.shared, actor, {
        i32: this.heap,
        trace: this.trace.tracer(actor, step),
        lockdep: tracker?.(actor) ?? new LockStat(shared.lockStat, actor, clock.now_ns, false),
        clock,
      }),
    );
    this.boot();
    this.first = this.kernels.map((k) => k.current);
    this.heap[plan.g + tree.structs.vmlinux.machine_state] = MACHINE_RUNNING;
    this.snapshot = this.heap.slice();
    this.bootRecords = this.trace.length;
    this.drawWords = drawWords(this.heap, plan, tree.structs);
  }

  private boot(): void {
    const boot = this.kernels[this.plan.nrActors - 1] as Kernel;
    rt.model = null;
    rt.observer = null;
    /* One actor under a scheduler that never asks. */
    rt.onExit = () => {};
    rt.onStuck = () => false;
    rt.onStandstill = () => {};
    const end = rt.run([this.tree.bootMachine(boot, this.shared)], alone, Number.MAX_SAFE_INTEGER);
    if (end === 'exception') throw rt.error;
    if (end !== 'done') throw new SimulatorBug(`the boot ended as ${end}`);
  }

  private reset(seed: number): void {
    this.heap.set(this.snapshot);
    this.trace.length = this.bootRecords;
    seedDraws(this.heap, this.drawWords, seed);
    for (let a = 0; a < this.kernels.length; a++) {
      const k = this.kernels[a] as Kernel;
      k.current = this.first[a] as Kernel['current'];
      k.spins = 0;
      k.preempt_count = 0;
    }
  }

  execute(scheduler: Scheduler, options: ExecuteOptions): Execution {
    this.reset(options.seed);
    const shared = { ...this.shared, scenario: { ...this.scenario, seed: options.seed } };
    const { nrCpus, nrActors } = this.plan;
    const fibers: Fiber[] = [];
    for (let a = 0; a < nrActors - 1; a++) {
      const k = this.kernels[a] as Kernel;
      fibers.push(
        a < nrCpus
          ? this.tree.runCpu(k)
          : this.tree.runControl(k, shared, CONTROL_ROLES[a - nrCpus] as ControlRole),
      );
    }
    this.operators = OPERATORS.length;
    rt.model = options.model ?? null;
    rt.buffered = rt.model?.name === 'tso';
    rt.observer = options.observer ?? null;
    rt.drops = options.drops ?? null;
    rt.orders = options.model?.name === 'weak' ? this.lockOrders : null;
    rt.direction = DIRECTION.none;
    rt.onExit = (actor) => this.left(actor);
    rt.onStuck = () => this.wakeForHalt();
    rt.onStandstill = () => this.onStandstill(this);
    this.lateWakes = 0;
    rt.model?.reset(this.heap, nrActors, rt.alternative);
    rt.view.heap = this.heap;
    const end = rt.run(fibers, scheduler, options.maxSteps);
    const failed = end === 'exception';
    if (failed && isOurFault(rt.error))
      throw new SimulatorBug(`the engine has failed in operation ${rt.steps}`, { cause: rt.error });
    return {
      end,
      steps: rt.steps,
      now_ns: rt.now_ns(),
      decisions: rt.decisions,
      error: failed ? rt.error : null,
      actor: failed ? rt.current : -1,
    };
  }

  /** The machine winds down when its operators have left, and halts when the third control path has. */
  private left(actor: number): void {
    const role = CONTROL_ROLES[actor - this.plan.nrCpus];
    if (role === undefined) return;
    if (OPERATORS.includes(role) && --this.operators === 0) this.setState(MACHINE_STOPPING);
    const third = this.plan.nrCpus + CONTROL_ROLES.indexOf('third');
    if (this.operators === 0 && !rt.isAlive(third)) this.setState(MACHINE_HALTED);
  }

  private setState(state: number): void {
    const addr = this.plan.g + this.tree.structs.vmlinux.machine_state;
    this.heap[addr] = state;
    rt.model?.poke(addr, state);
    rt.wakeAll();
  }

  /** A service thread may look at the state just before it changes and sleep after: on threads its sleep is short. */
  private wakeForHalt(): boolean {
    const addr = this.plan.g + this.tree.structs.vmlinux.machine_state;
    if (this.heap[addr] !== MACHINE_HALTED || this.lateWakes++ > this.plan.nrActors) return false;
    rt.wakeAll();
    rt.log?.wakeAll();
    return true;
  }

  /** FNV-1a over the heap: equal executions end in equal states. */
  stateHash(): number {
    return hashWords(this.heap);
  }
}

/** For an actor that is alone. */
const alone: Scheduler = {
  name: 'alone',
  needsOperations: false,
  asksOnWake: false,
  begin: () => true,
  next: () => 0,
  quantum: () => 0x3fffffff,
  choose: () => 0,
  end: () => {},
};
