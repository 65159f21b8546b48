// SPDX-License-Identifier: GPL-2.0-only
/** Options of the commands that search: explore, replay, compare. */
import { directionNames, droppableIds } from '../explore/dropped.js';
import { memoryNames } from '../explore/subject.js';
import { protocolNames } from '../protocol/index.js';
import { limits } from '../scenario/limits.js';
import { kernelOptions, type OptionSpec } from './options.js';

const json = { name: 'json', kind: 'flag', about: 'As JSON on stdout.', fallback: 'text' } as const;

const workers = {
  name: 'workers',
  kind: 'integer',
  placeholder: 'n',
  min: 1,
  max: 256,
  about: 'Worker threads; what is found does not depend on it.',
  fallback: 'the cores of the host',
} as const;

const seed = {
  name: 'seed',
  kind: 'integer',
  placeholder: 'n',
  min: 0,
  max: limits.seed,
  about: 'Where everything random comes from: the same seed finds the same.',
  fallback: "the scenario's",
} as const;

const executions = {
  name: 'executions',
  kind: 'integer',
  placeholder: 'n',
  min: 1,
  max: 1_000_000_000,
  about: 'Executions, each under a schedule of its own.',
  fallback: '2000',
} as const;

const quiet = {
  name: 'quiet',
  kind: 'flag',
  about: 'Shows the report only.',
  fallback: 'progress is shown',
} as const;

export const exploreOptions = [
  ...kernelOptions,
  {
    name: 'protocol',
    kind: 'choice',
    placeholder: 'name',
    words: protocolNames,
    about: 'How livepatch treats idle tasks and hotplug.',
    fallback: "the scenario's",
  },
  {
    name: 'scheduler',
    kind: 'text',
    placeholder: 'name',
    form: 'mix, random(p), pct(d), pos, round-robin(n), bounded(k), dfs or dpor',
    about:
      'How schedules are chosen: mix, random(1/50), pct(3), stall, pester, pos, round-robin(100), bounded(2), dfs, dpor.',
    fallback: 'mix: stall, between random(1/50) and pct(2) to pct(6)',
  },
  {
    name: 'memory',
    kind: 'choice',
    placeholder: 'model',
    words: memoryNames,
    about:
      'Memory model: sc, tso (store buffers), weak (that of the Linux kernel, but load buffering and stores that overtake earlier ones).',
    fallback: 'sc',
  },
  {
    name: 'drop-barrier',
    kind: 'choices',
    placeholder: 'id',
    words: droppableIds,
    about: 'Leaves out a barrier of the registry; of an operation: its order.',
    fallback: 'all are there',
  },
  {
    name: 'drop-in',
    kind: 'choice',
    placeholder: 'direction',
    words: directionNames,
    about: 'Leaves it out only while the latest transition goes this way.',
    fallback: 'always',
  },
  executions,
  {
    name: 'time-budget',
    kind: 'duration',
    placeholder: 'time',
    min: 0.1,
    max: 1_000_000,
    about: 'Ends after this time, though not all executions were made.',
    fallback: 'none',
  },
  workers,
  seed,
  { name: 'stop-on-first', kind: 'flag', about: 'Ends at the first violation.', fallback: 'goes on' },
  {
    name: 'no-explain',
    kind: 'flag',
    about: 'Does not make the first finding smaller and explain it.',
    fallback: 'explained',
  },
  {
    name: 'out',
    kind: 'file',
    placeholder: 'folder',
    about: 'Keeps the campaign there; run again, it goes on where it was.',
    fallback: 'not kept',
  },
  json,
  quiet,
] as const satisfies readonly OptionSpec[];

export const replayOptions = [
  ...kernelOptions,
  {
    name: 'threads',
    kind: 'flag',
    about: 'On real worker threads, which pass a token as the record says.',
    fallback: 'coroutines in one thread',
  },
  json,
] as const satisfies readonly OptionSpec[];

export const compareOptions = [
  ...kernelOptions,
  {
    name: 'protocol',
    kind: 'choice',
    placeholder: 'name',
    words: protocolNames,
    about: 'Only this one.',
    fallback: 'all',
  },
  { ...executions, fallback: '500', about: 'Executions for each protocol in each situation.' },
  workers,
  seed,
  { name: 'markdown', kind: 'flag', about: 'As a table in Markdown.', fallback: 'text' },
  json,
  quiet,
] as const satisfies readonly OptionSpec[];

export const selfcheckOptions = [workers, json, quiet] as const satisfies readonly OptionSpec[];

export const mutateOptions = [
  {
    name: 'barriers',
    kind: 'flag',
    about: 'Leaves out each barrier of the registry instead, in each direction, under each memory model.',
    fallback: 'changes of the sources',
  },
  {
    name: 'only',
    kind: 'text',
    placeholder: 'text',
    form: 'a part of the names of mutants, as negate or klp_start_transition',
    about: 'Only mutants with this in their name (operator:file:function:n; KLP_W_INIT@disable).',
    fallback: 'all',
  },
  {
    name: 'limit',
    kind: 'integer',
    placeholder: 'n',
    min: 1,
    max: 1_000_000,
    about: 'At most so many.',
    fallback: 'all',
  },
  {
    ...executions,
    fallback: '64; with --barriers 320',
    about:
      'Executions for each mutant in each of the four to eight situations of its file; for each barrier in each of one to three, of rare ones 4 to 20 times as many.',
  },
  {
    name: 'out',
    kind: 'file',
    placeholder: 'folder',
    fallback: 'not kept',
    about:
      'Folder in which each result is written down at once: with it a run that was killed goes on, and one with more executions tries the survivors again.',
  },
  workers,
  seed,
  { name: 'markdown', kind: 'flag', about: 'As a table in Markdown.', fallback: 'text' },
  json,
  quiet,
] as const satisfies readonly OptionSpec[];
