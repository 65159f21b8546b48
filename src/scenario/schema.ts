// SPDX-License-Identifier: GPL-2.0-only
/**
 * The keys of a scenario file: flat strict objects, one per section. Sections are validated one by one, so that a
 * mistake in one does not hide those of another; read.ts puts them together, check.ts compares them.
 */
import { z } from 'zod';
import {
  chance,
  type FieldText,
  field,
  fieldOr,
  flagOr,
  integer,
  integerForm,
  integerOr,
  positiveOr,
  rangeOr,
  reference,
  shareOf,
  shareOr,
  wordOr,
} from './fields.js';
import { limits } from './limits.js';

/** Checked by hand: the parts that have a form of their own (lists of steps, maps of names). */
const raw = (text: FieldText) => field(z.unknown().optional(), text);

export const topSchema = z.strictObject({
  name: field(z.string().min(1).max(limits.nameLength).optional(), {
    form: `a text of 1 to ${limits.nameLength} letters`,
    about: 'Name in reports.',
    fallback: "the file's name",
  }),
  description: fieldOr(z.string().max(500), '', {
    form: 'a text of at most 500 letters',
    about: 'One sentence for `klptorture list`.',
  }),
  machine: raw({ form: 'a map', about: 'The simulated machine.', fallback: '{}' }),
  functions: raw({
    form: 'a map of function names to bodies',
    about: `Text of the kernel: at most ${limits.functions} functions.`,
  }),
  patches: raw({
    form: 'a map of patch names to patches',
    about: `Livepatches that are enabled and disabled: 1 to ${limits.patches}.`,
  }),
  programs: raw({
    form: 'a map of program names to programs',
    about: `What tasks run: at most ${limits.programs} programs.`,
    fallback: '{}',
  }),
  idle: raw({
    form: 'a list of function names',
    about: 'What the idle task calls in each pass of its loop; it must not sleep, fork or reschedule.',
    fallback: '[]',
  }),
  control: raw({ form: 'a map', about: 'What the control paths do, and how often.', fallback: '{}' }),
  explore: raw({ form: 'a map', about: 'How much of it `klptorture explore` runs.', fallback: '{}' }),
  limits: raw({ form: 'a map', about: 'When the run ends, and when it counts as hung.', fallback: '{}' }),
  seed: integerOr(0, limits.seed, 1, 'From it comes everything random, one generator per actor and task.'),
});

export const machineSchema = z.strictObject({
  cpus: integerOr(1, limits.cpus, 4, 'Possible CPUs; each is a thread.'),
  online: field(integer(1, limits.cpus).optional(), {
    form: integerForm(1, limits.cpus),
    about: 'CPUs online at boot.',
    fallback: 'same as cpus',
  }),
  reliable_stacks: flagOr(
    true,
    'HAVE_RELIABLE_STACKTRACE: sleeping tasks can be switched by looking at their stacks.',
  ),
  unreliable_chance: shareOr(0, 'Share of the looks at a stack that fail although stacks are reliable.'),
  hotplug_lock: wordOr(
    ['percpu-rwsem', 'refcount'],
    'percpu-rwsem',
    'cpu_hotplug_lock: the per-CPU rwsem of today, or the refcount lock of January 2017.',
  ),
  protocol: fieldOr(z.string(), 'mainline-6.12', {
    form: 'the name of a protocol (`klptorture list`)',
    about: 'How livepatch treats idle tasks and hotplug.',
  }),
  preempt: wordOr(
    ['full', 'voluntary'],
    'full',
    'Whether a task can lose its CPU anywhere, or only at cond_resched.',
  ),
  retry_ms: integerOr(1, limits.retryMs, 20, "Period in ms of livepatch's retry work; the kernel's is 1000."),
  slice_steps: integerOr(
    limits.sliceSteps[0],
    limits.sliceSteps[1],
    400,
    'Steps a task may run before it must share its CPU.',
  ),
  trace_records: fieldOr(
    integer(...limits.traceRecords).refine((n) => (n & (n - 1)) === 0),
    65536,
    {
      form: `a power of two from ${limits.traceRecords[0]} to ${limits.traceRecords[1]}`,
      about: 'Trace records per CPU and control path.',
    },
  ),
  spare_tasks: integerOr(0, limits.spareTasks, 256, 'Places in the task table for forked tasks.'),
});

const stepShapes = {
  work: z.strictObject({
    work: field(integer(1, limits.workUnits), {
      form: integerForm(1, limits.workUnits),
      about: 'Busy for so many turns of a loop, about a nanosecond each.',
    }),
    chance,
  }),
  call: z.strictObject({ call: reference('Calls this function.'), chance }),
  sleep_ms: z.strictObject({
    sleep_ms: field(integer(1, limits.sleepMs), {
      form: integerForm(1, limits.sleepMs),
      about: 'Sleeps so many ms.',
    }),
    state: wordOr(['S', 'D'], 'S', 'S: interruptible, a signal ends the sleep. D: uninterruptible.'),
    chance,
  }),
  wait: z.strictObject({
    wait: reference(
      `Sleeps (interruptible) on this channel until a wake step; at most ${limits.channels} channels.`,
    ),
    chance,
  }),
  wake: z.strictObject({ wake: reference('Wakes one sleeper of this channel.'), chance }),
  cond_resched: z.strictObject({
    cond_resched: field(z.literal([true, null]), {
      form: 'true, or left empty',
      about: 'Offers the CPU, and since 6.3 lets livepatch switch the task. `- cond_resched` will do.',
    }),
    chance,
  }),
  fork: z.strictObject({ fork: reference('Forks a task that runs this program; user tasks only.'), chance }),
} as const;

export type StepOp = keyof typeof stepShapes;
export const stepSchemas: typeof stepShapes = stepShapes;
export const stepOps = Object.keys(stepShapes) as readonly StepOp[];

export const functionSchema = z.strictObject({
  body: raw({ form: 'a list of steps', about: `At most ${limits.steps} steps, run in order.` }),
  notrace: flagOr(false, 'Not traceable, so it cannot be patched.'),
});

export const patchSchema = z.strictObject({
  functions: raw({
    form: 'a list of function names, or a map of names to new bodies',
    about: 'What the patch replaces; an empty body in the map, or a name in the list, keeps the old body.',
  }),
});

const tasks = field(integer(0, limits.tasks), {
  form: integerForm(0, limits.tasks),
  about: 'Tasks started at boot; 0 for a program that is only forked.',
});

const kinds = ['user', 'kthread', 'sleeper'] as const;
export type ProgramKind = (typeof kinds)[number];
export const programKinds: readonly ProgramKind[] = kinds;

const kind = (word: ProgramKind, about: string) =>
  field(z.literal(word), { form: kinds.join(', '), about, words: kinds });

const weights = (about: string) =>
  raw({ form: 'a map of function names to weights, or a list of names', about });

export const programSchemas = {
  user: z.strictObject({
    kind: kind('user', 'In and out of system calls.'),
    tasks,
    syscalls: weights('The functions a system call enters, with their weights.'),
    user_work: integerOr(0, limits.workUnits, 50, 'Turns of work in user mode between system calls.'),
    lifetime: integerOr(0, limits.lifetime, 0, 'System calls until the task exits; 0: never.'),
  }),
  kthread: z.strictObject({
    kind: kind('kthread', 'Never leaves the kernel.'),
    tasks,
    calls: weights("What the thread's loop calls, with weights."),
    switch_point: flagOr(false, 'Whether its loop has klp_update_patch_state between passes.'),
    sleep_ms: integerOr(0, limits.sleepMs, 0, 'Sleep between passes; 0: none, it hogs its CPU.'),
  }),
  sleeper: z.strictObject({
    kind: kind('sleeper', 'Boots asleep and never wakes: for machines with very many tasks.'),
    tasks,
    stack: raw({
      form: `a list of 1 to ${limits.frames} function names`,
      about: 'The functions it sleeps in, outermost first.',
    }),
  }),
} as const;

export const controlSchema = z.strictObject({
  livepatch: raw({
    form: 'a map',
    about: 'Enables, disables, reverses and forces the patches.',
    fallback: '{}',
  }),
  hotplug: raw({ form: 'a map', about: 'Takes CPUs down and up.', fallback: 'none' }),
  stutter: raw({ form: 'a map', about: 'Lets all of the workload pause and start again.', fallback: 'none' }),
  shuffle: raw({ form: 'a map', about: 'Keeps all tasks off one CPU after another.', fallback: 'none' }),
  readers: raw({ form: 'a map', about: 'Other users of cpu_hotplug_lock, as readers.', fallback: 'none' }),
});

export const livepatchSchema = z.strictObject({
  pause_ms: rangeOr(limits.pauseMs, [5, 40], 'Pause in ms between two operations.'),
  reverse: shareOr(0.2, 'Chance that a transition is reversed while it runs.'),
  force: shareOr(0, 'Chance that a transition is forced while it runs; consistency is waived after that.'),
  fail: shareOr(
    0,
    'Chance that another tracer owns one function of a patch that is enabled, so that this fails.',
  ),
});

export const hotplugSchema = z.strictObject({
  pause_ms: rangeOr(limits.pauseMs, [20, 120], 'Pause in ms between two operations.'),
  min_online: integerOr(1, limits.cpus, 1, 'CPUs that always stay online.'),
});

export const stutterSchema = z.strictObject({
  run_ms: integerOr(1, limits.pauseMs, 2000, 'Time in ms to run.'),
  pause_ms: integerOr(1, limits.pauseMs, 100, 'Time in ms to pause.'),
});

export const shuffleSchema = z.strictObject({
  every_ms: integerOr(1, limits.pauseMs, 500, 'Period in ms.'),
});

export const readersSchema = z.strictObject({
  pause_ms: rangeOr(limits.pauseMs, [1, 5], 'Pause in ms between two sections.'),
  hold_us: integerOr(0, limits.holdUs, 50, 'Length in us of a section.'),
  data: flagOr(false, 'Each changes data that a hotplug callback reads, and reads what that has written.'),
});

export const exploreSchema = z.strictObject({
  cpus: integerOr(1, 8, 2, 'Possible CPUs; at most those of the machine.'),
  online: integerOr(1, 8, 2, 'CPUs online at boot, at most as many.'),
  tasks: integerOr(0, 8, 1, 'Tasks of each program that starts any.'),
  syscalls: integerOr(1, 1000, 2, 'System calls of each user task, which then exits.'),
  livepatch: integerOr(
    1,
    1000,
    2,
    'Operations of livepatch control, enable or disable: 1 to so many, drawn anew in each execution.',
  ),
  hotplug: integerOr(0, 1000, 2, 'Operations of hotplug control, if the scenario has it.'),
  reverse: shareOr(0.3, 'Chance that a transition is reversed while it runs.'),
  force: shareOf('Chance that a transition is forced while it runs.', 'that of livepatch control'),
  fail: shareOf('Chance that enabling fails.', 'that of livepatch control'),
  wakers: flagOr(true, 'Whether sleepers of wait channels are woken now and then, though no task does it.'),
});

export const limitsSchema = z.strictObject({
  duration_s: positiveOr(limits.durationS, 30, 'Length of the run in seconds.'),
  hung_transition_s: positiveOr(limits.hungS, 15, 'A transition older than this is looked into.'),
  hung_actor_s: positiveOr(limits.hungS, 10, 'A CPU or control path without progress for so long is stuck.'),
});
