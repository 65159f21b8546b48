// SPDX-License-Identifier: GPL-2.0-only
/** Scenario → where everything lies in the heap, and who the actors are. Pure; the same plan goes to every worker. */
import { actorName as actorNameOn, CONTROL_ROLES } from '../kernel/abi/actors.js';
import {
  dyn_ftrace,
  klp_func,
  klp_object,
  klp_ops,
  klp_patch,
  percpu,
  task_struct,
  vmlinux,
} from '../kernel/abi/structs.js';
import type { KernelConfig } from '../kernel/kernel.js';
import { WORK_OBJECT_WORDS } from '../kernel/sched/workqueue.js';
import { CACHE_LINE_WORDS, round_up, UNMAPPED_WORDS } from '../mem/layout.js';
import type { Scenario } from '../scenario/types.js';
import { UsageError } from '../util/fault.js';
import { type Linked, link } from '../workload/assemble.js';

export interface SlabPlan {
  readonly base: number;
  readonly ring: number;
  readonly words: number;
  readonly count: number;
}

export interface Plan {
  readonly nrCpus: number;
  readonly nrActors: number;
  readonly heapWords: number;
  readonly g: number;
  readonly percpuBase: number;
  /** task_structs of idle, cpuhp/N and kworker/N of every CPU, then of the control paths. */
  readonly bootTasks: number;
  /** Stacks of the first three kinds of these. */
  readonly bootStackBase: number;
  readonly slabs: {
    readonly task: SlabPlan;
    readonly klpFunc: SlabPlan;
    readonly klpObject: SlabPlan;
    readonly klpPatch: SlabPlan;
    readonly klpOps: SlabPlan;
    readonly work: SlabPlan;
    readonly module: SlabPlan;
  };
  readonly textBase: number;
  readonly text: Linked;
  readonly config: KernelConfig;
}

/** What depends on the engine. */
export interface Tuning {
  /** Steps of text between two looks at interrupts. */
  readonly pollSteps: number;
  /** Longest sleep of an idle CPU or service thread without a look around, ms. */
  readonly watchMs: number;
}

/** On real threads: a look about every microsecond, and a watchdog that wants to see heartbeats. */
export const threadsTuning: Tuning = { pollSteps: 64, watchMs: 50 };

/** Words of heap: 512 MiB is what a million tasks may cost. */
const MAX_HEAP_WORDS = (1 << 30) / 4;

export function actorName(plan: Pick<Plan, 'nrCpus'>, actor: number): string {
  return actorNameOn(plan.nrCpus, actor);
}

export function planMachine(scenario: Scenario, tuning: Tuning = threadsTuning): Plan {
  const nrCpus = scenario.machine.cpus;
  const nrActors = nrCpus + CONTROL_ROLES.length;
  let at = UNMAPPED_WORDS;
  const take = (words: number): number => {
    const base = at;
    at = round_up(at + words, CACHE_LINE_WORDS);
    return base;
  };
  const slab = (words: number, count: number): SlabPlan => ({
    base: take(words * count),
    ring: take(count),
    words,
    count,
  });

  const g = take(vmlinux.$words);
  const percpuBase = take(percpu.$words * nrActors);
  const nrFunctions = scenario.functions.length;
  const dynFtraceBase = take(dyn_ftrace.$words * nrFunctions);
  const textBase = at;
  const text = link(scenario, textBase);
  take(text.words.length);

  const patches = scenario.patches.length;
  const functions = scenario.patches.reduce((n, p) => n + p.functions.length, 0);
  const imageWords = Math.max(1, ...text.modules.map((m) => m.image.length));
  /* One patch more than can be loaded at once, so that the oldest freed text stays poisoned for a while. */
  const module = slab(imageWords, patches * 4 + 4);
  if (at > 0xffffff)
    throw new UsageError(['the text of this scenario does not fit in 24-bit addresses: use fewer functions']);
  const slabs = {
    klpFunc: slab(klp_func.$words, functions * 4 + 4),
    klpObject: slab(klp_object.$words, patches * 4 + 4),
    klpPatch: slab(klp_patch.$words, patches * 4 + 4),
    klpOps: slab(klp_ops.$words, functions + 4),
    work: slab(WORK_OBJECT_WORDS, nrCpus * 6),
    module,
  };
  const bootTasks = take(task_struct.$words * (3 * nrCpus + CONTROL_ROLES.length));
  const started = scenario.programs.reduce((n, p) => n + p.tasks, 0);
  const nrTasks = started + scenario.machine.spareTasks;
  const task = slab(task_struct.$words, nrTasks);
  const stackWords = text.stackWords;
  const bootStackBase = take(stackWords * 3 * nrCpus);
  const stackBase = take(stackWords * nrTasks);
  const heapWords = at;
  if (heapWords > MAX_HEAP_WORDS) {
    throw new UsageError([
      `this machine needs ${Math.ceil(heapWords / 262144)} MiB of heap, more than 1024: use fewer tasks`,
    ]);
  }
  const config: KernelConfig = {
    retry_ms: scenario.machine.retryMs,
    hotplug_lock_refcount: scenario.machine.hotplugLock === 'refcount',
    preempt_full: scenario.machine.preempt === 'full',
    slice_steps: scenario.machine.sliceSteps,
    poll_steps: tuning.pollSteps,
    watch_ms: tuning.watchMs,
    unreliable_permille: Math.round(scenario.machine.unreliableChance * 1000),
    reliable_stack: scenario.machine.reliableStacks,
    stack_words: stackWords,
    stack_base: stackBase,
    task_base: task.base,
    dyn_ftrace_base: dynFtraceBase,
    idle_text: text.idleText,
    ret_to_user: text.retToUser,
    idle_end: text.idleEnd,
    oops_end: text.oopsEnd,
    stutter_text: text.stutterText,
    kworker_text: text.kworkerText,
    cpuhp_text: text.cpuhpText,
    tables: text.tables,
    programs: text.programs,
    modules: text.modules,
  };
  return {
    nrCpus,
    nrActors,
    heapWords,
    g,
    percpuBase,
    bootTasks,
    bootStackBase,
    slabs: { ...slabs, task },
    textBase,
    text,
    config,
  };
}
