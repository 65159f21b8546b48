// SPDX-License-Identifier: GPL-2.0-only
/** A validated scenario, with every default filled in. Pure data: it crosses to workers by structured clone. */

export type HotplugLockFlavour = 'percpu-rwsem' | 'refcount';
export type PreemptModel = 'full' | 'voluntary';

/** One step of a function's body, run in order. `chance` (0..1] makes the step conditional; 1 is always. */
export type Step =
  | { readonly op: 'work'; readonly units: number; readonly chance: number }
  | { readonly op: 'call'; readonly fn: string; readonly chance: number }
  | { readonly op: 'sleep'; readonly ms: number; readonly interruptible: boolean; readonly chance: number }
  | { readonly op: 'wait'; readonly channel: string; readonly chance: number }
  | { readonly op: 'wake'; readonly channel: string; readonly chance: number }
  | { readonly op: 'cond_resched'; readonly chance: number }
  | { readonly op: 'fork'; readonly program: string; readonly chance: number };

export interface FunctionSpec {
  readonly name: string;
  /** False: notrace, cannot be patched. */
  readonly traceable: boolean;
  readonly body: readonly Step[];
}

export interface PatchSpec {
  readonly name: string;
  /** New versions: function name and, where it differs from the old, its body. */
  readonly functions: readonly { readonly fn: string; readonly body: readonly Step[] | null }[];
}

export type ProgramSpec =
  | {
      readonly kind: 'user';
      readonly name: string;
      /** Tasks started at boot. */
      readonly tasks: number;
      /** Entry functions and their weights. */
      readonly syscalls: readonly { readonly fn: string; readonly weight: number }[];
      /** Work in user mode between system calls. */
      readonly userWork: number;
      /** System calls until the task exits; 0: never. */
      readonly lifetime: number;
    }
  | {
      readonly kind: 'kthread';
      readonly name: string;
      readonly tasks: number;
      /** What the loop of the thread calls; it never leaves the kernel. */
      readonly calls: readonly { readonly fn: string; readonly weight: number }[];
      /** Has a switch point between passes (klp_update_patch_state in its loop). */
      readonly switchPoint: boolean;
      readonly sleepMs: number;
    }
  /** Boots asleep for good, inside `stack` (outermost first): for machines with very many tasks. */
  | {
      readonly kind: 'sleeper';
      readonly name: string;
      readonly tasks: number;
      readonly stack: readonly string[];
    };

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly machine: {
    /** Possible CPUs, 1..32. */
    readonly cpus: number;
    /** Online at boot. */
    readonly online: number;
    /** HAVE_RELIABLE_STACKTRACE. */
    readonly reliableStacks: boolean;
    /** Share (0..1) of stack looks that come out unreliable although the machine is reliable. */
    readonly unreliableChance: number;
    readonly hotplugLock: HotplugLockFlavour;
    readonly protocol: string;
    readonly preempt: PreemptModel;
    /** Period of klp_transition_work in ms; the kernel's is 1000. */
    readonly retryMs: number;
    /** Steps of text that a task may run before it must share its CPU. */
    readonly sliceSteps: number;
    /** Trace records per actor, a power of two. */
    readonly traceRecords: number;
    /** Tasks that fit in the task table, beside those started at boot. */
    readonly spareTasks: number;
  };
  readonly functions: readonly FunctionSpec[];
  readonly patches: readonly PatchSpec[];
  readonly programs: readonly ProgramSpec[];
  /** What the idle task calls in each pass of the idle loop. */
  readonly idleCalls: readonly string[];
  readonly control: {
    readonly livepatch: {
      /** Pause between operations, ms: uniform between the two. */
      readonly pauseMs: readonly [number, number];
      /** Chance that a transition is reversed while it runs. */
      readonly reverse: number;
      /** Chance that a transition is forced while it runs. Consistency is waived after. */
      readonly force: number;
      /** Chance that another tracer owns a function that is to be patched: enabling fails. Left out where 0: tokens. */
      readonly fail?: number;
      /** Operations until it winds down; 0: as long as the machine runs. */
      readonly operations: number;
    };
    /** null: no hotplug. */
    readonly hotplug: {
      readonly pauseMs: readonly [number, number];
      readonly minOnline: number;
      readonly operations: number;
    } | null;
    /** Torture stutter: run, then pause the workload, ms. null: none. */
    readonly stutter: { readonly runMs: number; readonly pauseMs: number } | null;
    /** Torture shuffle: every so many ms, all tasks are kept off one CPU. null: none. */
    readonly shuffle: { readonly everyMs: number } | null;
    /** Explorations only: wakes sleepers of wait channels, since the tasks that would do it end. null: none. */
    readonly wakers: { readonly everyMs: number; readonly channels: number } | null;
    /** Other users of the hotplug lock as readers, on the third control path. null: none. */
    readonly readers: {
      readonly pauseMs: readonly [number, number];
      readonly holdUs: number;
      /** They share data with a hotplug callback. Left out where not, as it was before there was such a thing: tokens. */
      readonly data?: true;
    } | null;
  };
  /** What of this scenario an exploration runs: small enough that schedules can be tried by the million. */
  readonly explore: {
    readonly cpus: number;
    readonly online: number;
    /** Tasks of each program that starts any. */
    readonly tasks: number;
    /** System calls of each user task, which then exits. */
    readonly syscalls: number;
    /** Operations of the control paths. */
    readonly livepatch: number;
    readonly hotplug: number;
    readonly reverse: number;
    /** Of these three, left out is as it was before there was such a thing, so that old tokens hold. */
    readonly force?: number;
    readonly fail?: number;
    /** Nobody wakes sleepers of wait channels but tasks, and livepatch by its signals. */
    readonly wakers?: false;
    /** Names of programs that start no tasks, and of patches that there are not: a finding may need few of them. */
    readonly without: readonly string[];
  };
  readonly limits: {
    readonly durationS: number;
    /** A transition older than this is looked into. */
    readonly hungTransitionS: number;
    /** A CPU or control path without progress for this long is stuck. */
    readonly hungActorS: number;
  };
  readonly seed: number;
}
