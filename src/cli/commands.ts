// SPDX-License-Identifier: GPL-2.0-only
/** The command table, and the commander commands made from it. */

import { Command, Option } from 'commander';
import {
  compareOptions,
  exploreOptions,
  mutateOptions,
  replayOptions,
  selfcheckOptions,
} from './explore_options.js';
import {
  isMany,
  kernelCommandOptions,
  listOptions,
  litmusOptions,
  type OptionSpec,
  optionTerm,
  soakOptions,
} from './options.js';

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The one operand it may have, or with `many` each of several. */
  readonly operand: { readonly name: string; readonly about: string; readonly many?: true } | null;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
}

export const commands = {
  soak: {
    name: 'soak',
    summary: 'Runs a scenario on real threads and judges what happened.',
    operand: { name: 'scenario', about: 'Name of a preset, or a YAML file. Without it: default.' },
    options: soakOptions,
    examples: [
      'klptorture soak',
      'klptorture soak hotplug --protocol online-only',
      'klptorture soak my.yaml --duration 10m --report soak.json',
    ],
  },
  explore: {
    name: 'explore',
    summary: 'Runs a scenario under one controlled schedule after another and finds what goes wrong.',
    operand: { name: 'scenario', about: 'Name of a preset, or a YAML file. Without it: default.' },
    options: exploreOptions,
    examples: [
      'klptorture explore hotplug --protocol online-only',
      'klptorture explore forkstorm --protocol mainline-4.12 --stop-on-first',
      'klptorture explore my.yaml --executions 1000000 --out campaign',
    ],
  },
  replay: {
    name: 'replay',
    summary: 'Makes an execution that was found again, step by step.',
    operand: {
      name: 'token',
      about:
        'What explore printed: klp1:…, a file with it, or - for stdin. Several: executions with a part each in one finding.',
      many: true,
    },
    options: replayOptions,
    examples: [
      'klptorture replay klp1:…',
      'klptorture replay klp1:… --threads',
      'klptorture replay klp1:… klp1:…',
      'klptorture explore hotplug --protocol online-only | klptorture replay -',
    ],
  },
  compare: {
    name: 'compare',
    summary: 'Explores all designs debated in the mail in all situations and tabulates what was found.',
    operand: null,
    options: compareOptions,
    examples: ['klptorture compare', 'klptorture compare --protocol compromise --executions 5000'],
  },
  mutate: {
    name: 'mutate',
    summary: 'Changes the kernel in one place after another and tells which changes are found.',
    operand: null,
    options: mutateOptions,
    examples: [
      'klptorture mutate --only klp_reverse_transition',
      'klptorture mutate --limit 20 --markdown',
      'klptorture mutate --barriers --only KLP_W_',
    ],
  },
  selfcheck: {
    name: 'selfcheck',
    summary: 'Explores known bugs; fails if one of them is not found.',
    operand: null,
    options: selfcheckOptions,
    examples: ['klptorture selfcheck'],
  },
  kernel: {
    name: 'kernel',
    summary: 'Hands out the sources of the kernel, and compiles a changed one.',
    operand: null,
    options: kernelCommandOptions,
    examples: [
      'klptorture kernel --export my-kernel',
      'klptorture kernel --kernel my-kernel',
      'klptorture kernel --patch fix.patch --patch more.patch',
    ],
  },
  list: {
    name: 'list',
    summary: 'Lists scenarios, protocols, oracles and barriers.',
    operand: null,
    options: listOptions,
    examples: ['klptorture list', 'klptorture list --json'],
  },
  litmus: {
    name: 'litmus',
    summary:
      "Finds what litmus tests can end in under a memory model, and compares with herd7's verdict in their header.",
    operand: {
      name: 'file',
      about:
        "A litmus test in herd7's C language, or a folder of them. Without it: the tests of this package.",
      many: true,
    },
    options: litmusOptions,
    examples: [
      'klptorture litmus',
      'klptorture litmus MP+poonceonces.litmus --memory tso',
      'klptorture litmus tools/memory-model/litmus-tests --json',
      'klptorture litmus --export tests',
    ],
  },
  help: {
    name: 'help',
    summary: 'Tells about a command.',
    operand: { name: 'command', about: 'Name of a command. Without it: all of them.' },
    options: [],
    examples: ['klptorture help soak'],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as readonly CommandName[];

export function isCommand(name: string): name is CommandName {
  return (commandNames as readonly string[]).includes(name);
}

/**
 * A commander command with the options of the table. Values are optional to commander, so that a missing one is told
 * of together with all else that is wrong.
 */
export function createCommand(spec: CommandSpec): Command {
  const command = new Command(`klptorture ${spec.name}`).description(spec.summary).exitOverride();
  const operand: CommandSpec['operand'] = spec.operand;
  if (operand !== null) command.argument(`[${operand.name}${operand.many ? '...' : ''}]`, operand.about);
  const byLong = new Map(spec.options.map((o) => [`--${o.name}`, o]));
  for (const o of spec.options) {
    const flags = o.kind === 'flag' ? `--${o.name}` : `--${o.name} [${o.placeholder}]`;
    const option = new Option(flags, describe(o));
    if (isMany(o))
      option.argParser<readonly string[]>((text, before) => [...(Array.isArray(before) ? before : []), text]);
    command.addOption(option);
  }
  command.configureHelp({
    optionTerm(option) {
      const known = byLong.get(option.long ?? '');
      return known === undefined ? option.flags : optionTerm(known);
    },
    optionDescription: (option) => option.description,
  });
  return command;
}

function describe(o: OptionSpec): string {
  const takes = o.kind === 'choice' || o.kind === 'choices' ? ` One of: ${o.words.join(', ')}.` : '';
  return `${o.about}${takes} (default: ${o.fallback})`;
}
