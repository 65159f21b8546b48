// SPDX-License-Identifier: GPL-2.0-only
/** The option table: parsing, validation, help and the README's table are all made from it. */
import { modelNames } from '../litmus/models.js';
import { protocolNames } from '../protocol/index.js';
import { limits } from '../scenario/limits.js';
import { markdownTable } from '../util/markdown_table.js';

interface Named {
  /** Without the two dashes. */
  readonly name: string;
  readonly about: string;
  /** What holds if the option is not given. */
  readonly fallback: string;
}

export type OptionSpec = Named &
  (
    | { readonly kind: 'flag' }
    | { readonly kind: 'integer'; readonly placeholder: string; readonly min: number; readonly max: number }
    /** Seconds: 30, 30s, 5m, 1h, 500ms. */
    | { readonly kind: 'duration'; readonly placeholder: string; readonly min: number; readonly max: number }
    | { readonly kind: 'choice'; readonly placeholder: string; readonly words: readonly string[] }
    /** May be given several times. */
    | { readonly kind: 'choices'; readonly placeholder: string; readonly words: readonly string[] }
    | { readonly kind: 'file'; readonly placeholder: string }
    /** May be given several times. */
    | { readonly kind: 'files'; readonly placeholder: string }
    /** Read by the command; `form` says what it takes. */
    | { readonly kind: 'text'; readonly placeholder: string; readonly form: string }
  );

const scenario = "the scenario's";

/** Of every command that runs a kernel. */
export const kernelOptions = [
  {
    name: 'patch',
    kind: 'files',
    placeholder: 'file',
    about:
      'Changes the kernel by a unified diff (of src/kernel, src/protocol, src/workload, src/mem/list.ts).',
    fallback: 'as it is',
  },
  {
    name: 'kernel',
    kind: 'file',
    placeholder: 'folder',
    about: 'Takes the kernel from a changed copy of its sources (see: klptorture kernel --export).',
    fallback: 'the one installed',
  },
] as const satisfies readonly OptionSpec[];

export const soakOptions = [
  {
    name: 'duration',
    kind: 'duration',
    placeholder: 'time',
    min: 0.1,
    max: limits.durationS,
    about: 'Length of the run: 30, 30s, 5m, 1h.',
    fallback: scenario,
  },
  {
    name: 'cpus',
    kind: 'integer',
    placeholder: 'n',
    min: 1,
    max: limits.cpus,
    about: 'Simulated CPUs, each a thread.',
    fallback: scenario,
  },
  {
    name: 'tasks',
    kind: 'integer',
    placeholder: 'n',
    min: 1,
    max: limits.tasks,
    about: 'User tasks started at boot, shared out as in the scenario.',
    fallback: scenario,
  },
  {
    name: 'protocol',
    kind: 'choice',
    placeholder: 'name',
    words: protocolNames,
    about: 'How livepatch treats idle tasks and hotplug.',
    fallback: scenario,
  },
  {
    name: 'hotplug-lock',
    kind: 'choice',
    placeholder: 'flavour',
    words: ['percpu-rwsem', 'refcount'],
    about: 'What cpu_hotplug_lock is.',
    fallback: scenario,
  },
  {
    name: 'preempt',
    kind: 'choice',
    placeholder: 'model',
    words: ['full', 'voluntary'],
    about: 'Where a task can lose its CPU in the kernel.',
    fallback: scenario,
  },
  {
    name: 'retry',
    kind: 'integer',
    placeholder: 'ms',
    min: 1,
    max: limits.retryMs,
    about: "Period of livepatch's retry work; the kernel's is 1000.",
    fallback: scenario,
  },
  {
    name: 'seed',
    kind: 'integer',
    placeholder: 'n',
    min: 0,
    max: limits.seed,
    about: 'Where everything random comes from.',
    fallback: scenario,
  },
  {
    name: 'json',
    kind: 'flag',
    about: 'The report as JSON on stdout, and nothing else there.',
    fallback: 'text',
  },
  {
    name: 'report',
    kind: 'file',
    placeholder: 'file',
    about: 'Also writes the report to a file: JSON if its name ends in .json, else text.',
    fallback: 'none',
  },
  {
    name: 'stat-interval',
    kind: 'duration',
    placeholder: 'time',
    min: 0,
    max: 3600,
    about: 'Time between statistics lines where there is no terminal; 0: none.',
    fallback: '5s',
  },
  {
    name: 'no-oracles',
    kind: 'flag',
    about: 'Records and judges nothing: only for measuring.',
    fallback: 'judged',
  },
  { name: 'no-lock-stat', kind: 'flag', about: 'Counts no lock statistics.', fallback: 'counted' },
  {
    name: 'quiet',
    kind: 'flag',
    about: 'Shows the report only, nothing while it runs.',
    fallback: 'progress is shown',
  },
  ...kernelOptions,
] as const satisfies readonly OptionSpec[];

export const kernelCommandOptions = [
  {
    name: 'export',
    kind: 'file',
    placeholder: 'folder',
    about: 'Writes the sources of the kernel into a new folder, to be changed there.',
    fallback: 'nothing is written',
  },
  ...kernelOptions,
] as const satisfies readonly OptionSpec[];

export const listOptions = [
  { name: 'json', kind: 'flag', about: 'As JSON.', fallback: 'text' },
] as const satisfies readonly OptionSpec[];

export const litmusOptions = [
  {
    name: 'memory',
    kind: 'choice',
    placeholder: 'model',
    words: modelNames,
    about: 'Memory model.',
    fallback: 'lkmm',
  },
  { name: 'json', kind: 'flag', about: 'As JSON.', fallback: 'text' },
  { name: 'quiet', kind: 'flag', about: 'Shows the summary only.', fallback: 'every test is shown' },
  {
    name: 'export',
    kind: 'file',
    placeholder: 'folder',
    about: 'Writes the tests of this package into a folder, for herd7, and runs nothing.',
    fallback: 'none',
  },
] as const satisfies readonly OptionSpec[];

type ValueOf<O extends OptionSpec> = O['kind'] extends 'flag'
  ? boolean
  : O['kind'] extends 'integer' | 'duration'
    ? number
    : O['kind'] extends 'files' | 'choices'
      ? readonly string[]
      : string;

/** The value of an option, whichever it is. */
export type AnyValue = string | number | boolean | readonly string[];

/** Values by option name; what was not given is not there. */
export type Values<T extends readonly OptionSpec[]> = { readonly [O in T[number] as O['name']]?: ValueOf<O> };

/** `--cpus <n>` */
export function optionTerm(option: OptionSpec): string {
  if (option.kind === 'flag') return `--${option.name}`;
  return `--${option.name} <${option.placeholder}>${isMany(option) ? '...' : ''}`;
}

/** It may be given several times. */
export function isMany(option: OptionSpec): boolean {
  return option.kind === 'files' || option.kind === 'choices';
}

/** What the option takes, in words; empty for a flag. */
export function optionForm(option: OptionSpec): string {
  switch (option.kind) {
    case 'flag':
      return '';
    case 'integer':
      return `an integer from ${option.min} to ${option.max}`;
    case 'duration':
      return `a time of ${option.min} s to ${option.max} s, such as 30, 30s, 5m, 1h`;
    case 'choice':
      return option.words.join(', ');
    case 'choices':
      return `${option.words.join(', ')}; it may be given several times`;
    case 'file':
      return `a ${option.placeholder} name`;
    case 'files':
      return `a ${option.placeholder} name; it may be given several times`;
    case 'text':
      return option.form;
  }
}

/** A table has no room for more. */
const FEW_WORDS = 8;

function choices(words: readonly string[]): string {
  return words.length > FEW_WORDS ? 'One of those of `klptorture list`.' : `One of: ${words.join(', ')}.`;
}

/** The rows of an option table in Markdown, for the README. */
export function optionTable(options: readonly OptionSpec[]): string {
  const rows = options.map((o) => {
    const takes = o.kind === 'choice' || o.kind === 'choices' ? ` ${choices(o.words)}` : '';
    return [`\`${optionTerm(o)}\``, `${o.about}${takes}`, o.fallback];
  });
  return markdownTable(['option', 'meaning', 'without it'], rows);
}
