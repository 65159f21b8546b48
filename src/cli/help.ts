// SPDX-License-Identifier: GPL-2.0-only
/** Help texts, made from the command and option tables. */
import { type CommandName, type CommandSpec, commandNames, commands, createCommand } from './commands.js';
import { exitText } from './exit.js';

function overview(): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  const lines = commandNames.map((name) => `  ${name.padEnd(width)}  ${commands[name].summary}`);
  return `Usage: klptorture <command> [options]

Runs the Linux livepatch consistency model on simulated CPUs and looks for races.

Commands:
${lines.join('\n')}

Options:
  -V, --version  the version
  -h, --help     help, also of a command: klptorture soak --help

${exitText}
`;
}

/** Help of a command; null: of all. Ends with a newline. */
export function helpText(topic: CommandName | null): string {
  if (topic === null) return overview();
  const spec: CommandSpec = commands[topic];
  const examples = spec.examples.map((line) => `  ${line}`).join('\n');
  const codes = topic === 'soak' || topic === 'litmus' ? `\n${exitText}\n` : '';
  return `${createCommand(spec).helpInformation()}\nExamples:\n${examples}\n${codes}`;
}
