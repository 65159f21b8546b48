// SPDX-License-Identifier: GPL-2.0-only
/** The command table, and the commander commands made from it. */
import { Command, Option } from 'commander';
import {
  kernelCommandOptions,
  listOptions,
  type OptionSpec,
  optionForm,
  optionTerm,
  soakOptions,
} from './options.js';

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The one operand it may have. */
  readonly operand: { readonly name: string; readonly about: string } | null;
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
  if (spec.operand !== null) command.argument(`[${spec.operand.name}]`, spec.operand.about);
  const byLong = new Map(spec.options.map((o) => [`--${o.name}`, o]));
  for (const o of spec.options) {
    const flags = o.kind === 'flag' ? `--${o.name}` : `--${o.name} [${o.placeholder}]`;
    const option = new Option(flags, describe(o));
    if (o.kind === 'files')
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
  const takes = o.kind === 'choice' ? ` One of: ${optionForm(o)}.` : '';
  return `${o.about}${takes} (default: ${o.fallback})`;
}
