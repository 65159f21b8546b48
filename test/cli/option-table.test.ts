// SPDX-License-Identifier: GPL-2.0-only
/** Help and the README's table say the same of every option, since they are made from one table. */
import { describe, expect, it } from 'vitest';
import { commandNames, commands } from '#src/cli/commands.js';
import { EXIT } from '#src/cli/exit.js';
import { helpText } from '#src/cli/help.js';
import { parseDuration, parseValue } from '#src/cli/option_value.js';
import { type OptionSpec, optionTable, optionTerm, soakOptions } from '#src/cli/options.js';

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

it('help of all names every command and exit code', () => {
  const text = helpText(null);
  for (const name of commandNames) expect(text).toContain(`  ${name}`);
  for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
});

describe.each(commandNames)('%s', (name) => {
  const options: readonly OptionSpec[] = commands[name].options;

  it('has help with every option, what it takes and what holds without it', () => {
    const text = oneLine(helpText(name));
    for (const option of options) {
      expect(text).toContain(optionTerm(option));
      expect(text).toContain(oneLine(option.about));
      expect(text).toContain(`(default: ${option.fallback})`);
      if (option.kind === 'choice') for (const word of option.words) expect(text).toContain(word);
    }
  });

  it('has examples that begin with the program', () => {
    for (const example of commands[name].examples) expect(example).toMatch(/^klptorture /);
  });
});

it('the table for the README has a row for every option', () => {
  const rows = optionTable(soakOptions).split('\n');
  expect(rows).toHaveLength(soakOptions.length + 2);
  for (const [i, option] of soakOptions.entries())
    expect(rows[i + 2]).toMatch(new RegExp(`^\\| .--${option.name}\\b`));
});

it.each([
  ['30', 30],
  ['30s', 30],
  ['1.5m', 90],
  ['1h', 3600],
  ['500ms', 0.5],
  ['', null],
  ['s', null],
  ['-5', null],
  ['5 m', null],
  ['1e3', null],
  ['Infinity', null],
])('a duration of %j', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it('numbers are whole and within bounds', () => {
  const cpus = soakOptions.find((o) => o.name === 'cpus') as OptionSpec;
  expect(parseValue(cpus, '32')).toEqual({ value: 32 });
  for (const text of ['33', '1.5', ' ', 'NaN', '99999999999999999999']) {
    expect(parseValue(cpus, text)).toHaveProperty('problem');
  }
});
