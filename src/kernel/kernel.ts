// SPDX-License-Identifier: GPL-2.0-only
/**
 * The kernel handle: what one actor (a simulated CPU or a control path) holds of the machine. The first argument of
 * every kernel function. All that actors share is in the heap; what stands here is constant or private to the actor.
 */
import type { Mem } from '../mem/heap.js';
import type { Ptr } from '../mem/layout.js';
import type { LockTracker } from '../trace/lock_tracker.js';
import type { Tracer } from '../trace/ring.js';
import type { Counters } from './abi/counters.js';
import { percpu } from './abi/structs.js';
import type { Protocol } from './livepatch/protocol.js';

export type Task = Ptr<'task_struct'>;

/** What the scenario sets in the kernel; constant for the life of a machine. */
export interface KernelConfig {
  /** Period of klp_transition_work, ms. */
  readonly retry_ms: number;
  readonly hotplug_lock_refcount: boolean;
  /** CONFIG_PREEMPT: a task can lose its CPU anywhere in the kernel, not only where it offers it. (stop_machine takes it in either model.) */
  readonly preempt_full: boolean;
  readonly slice_steps: number;
  /** Longest sleep of an idle CPU or service thread without a look around, ms: bounds the age of its heartbeat. */
  readonly watch_ms: number;
  /** Steps of text between two looks at interrupts and the tick: 64 is about a microsecond. */
  readonly poll_steps: number;
  /** Of 1000 looks at a stack, how many come out unreliable on a machine with reliable stacks. */
  readonly unreliable_permille: number;
  /** HAVE_RELIABLE_STACKTRACE. */
  readonly reliable_stack: boolean;
  readonly stack_words: number;
  /** First stack and first task_struct of the task table; slot i of the one belongs to slot i of the other. */
  readonly stack_base: number;
  readonly task_base: number;
  /** dyn_ftrace records, by function id. */
  readonly dyn_ftrace_base: number;
  /** Text of the idle task's pass; 0 if it calls nothing. */
  readonly idle_text: number;
  /** Text of ret_to_user: what a system call returns to. */
  readonly ret_to_user: number;
  /** Where the idle task's pass ends, and where a task that cannot go on waits for ever. */
  readonly idle_end: number;
  readonly oops_end: number;
  /** A short sleep, then the exit path: where user tasks go while the torture stutter pauses them. */
  readonly stutter_text: number;
  readonly kworker_text: number;
  readonly cpuhp_text: number;
  /** Weighted choices of SYSCALL_RND and CALL_RND: cumulative weights out of 65536, and text addresses. */
  readonly tables: readonly { readonly limits: readonly number[]; readonly targets: readonly number[] }[];
  /** What fork starts, by program. */
  readonly programs: readonly { readonly entry: number; readonly life: number }[];
  /** Livepatch modules by patch id: what load_module copies and where its functions stand in it. */
  readonly modules: readonly {
    readonly image: readonly number[];
    readonly funcs: readonly { readonly func_id: number; readonly offset: number; readonly size: number }[];
  }[];
}

/** A walk over the raw task table at a point where the rule is known; made by the machine (AUDIT). */
export type Audit = (k: Kernel, point: number) => void;

/** Time: monotonic ns since the machine's boot, the same for all its actors. */
export interface Clock {
  now_ns(): number;
}

export interface Kernel extends Mem {
  readonly g: Ptr<'vmlinux'>;
  readonly actor: number;
  /** True on a simulated CPU, false on a control path. A CPU may only spin, a control path may block. */
  readonly is_cpu: boolean;
  /** This actor's percpu area. */
  readonly me: Ptr<'percpu'>;
  readonly percpu_base: number;
  readonly nr_cpus: number;
  readonly nr_actors: number;
  /** The task this actor runs. */
  current: Task;
  /**
   * Depth of preempt_disable; bit 16: in an ftrace handler. Stands beside current, as in Linux, and like it concerns
   * nobody else: a grace period never looks at it, it waits for the CPU to report a quiescent state instead.
   */
  preempt_count: number;
  readonly trace: Tracer;
  /** Told of every lock of this actor. */
  readonly lockdep: LockTracker;
  readonly clock: Clock;
  readonly cfg: KernelConfig;
  readonly protocol: Protocol;
  readonly audit: Audit;
  /** Statistics of this actor. */
  readonly count: Counters;
  /** Loads without progress since the last success: when to give the host's core away. */
  spins: number;
}

/** Percpu area of any actor: CPUs are 0..nr_cpus-1, control paths follow. */
export function per_cpu(k: Kernel, cpu: number): Ptr<'percpu'> {
  return (k.percpu_base + cpu * percpu.$words) as Ptr<'percpu'>;
}

/** Milliseconds since boot: the machine's jiffies (HZ = 1000). */
export function jiffies(k: Kernel): number {
  return Math.floor(k.clock.now_ns() / 1e6) | 0;
}

/** Microseconds since boot, wrapping: differences are what counts. */
export function now_us(k: Kernel): number {
  return Math.floor(k.clock.now_ns() / 1000) | 0;
}
