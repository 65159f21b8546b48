// SPDX-License-Identifier: GPL-2.0-only
/** From the words of the command line to a command and its values, with everything that is wrong with them. */
import { nearest, suggestion } from '../util/suggest.js';
import {
  type CommandName,
  type CommandSpec,
  commandNames,
  commands,
  createCommand,
  isCommand,
} from './commands.js';
import { parseValue } from './option_value.js';
import type { AnyValue, OptionSpec } from './options.js';

export type CommandLine =
  | { readonly what: 'version' }
  /** `topic` null: of all commands. `asked` false: nothing at all was said. */
  | { readonly what: 'help'; readonly topic: CommandName | null; readonly asked: boolean }
  | {
      readonly what: 'run';
      readonly command: CommandName;
      readonly operand: string | null;
      /** All of them, where the command takes several. */
      readonly operands: readonly string[] | undefined;
      readonly values: Readonly<Record<string, AnyValue>>;
      /** Not empty: the command must not run, but may add what else it finds wrong. */
      readonly problems: readonly string[];
    }
  /** No command to ask further. */
  | { readonly what: 'wrong'; readonly problems: readonly string[] };

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first, ...rest] = argv;
  if (first === undefined) return { what: 'help', topic: null, asked: false };
  if (first === '--version' || first === '-V') return { what: 'version' };
  if (first === '--help' || first === '-h') return { what: 'help', topic: null, asked: true };
  if (isCommand(first)) return parseCommand(first, rest, []);
  if (first.startsWith('-')) return { what: 'wrong', problems: [leadingOption(first)] };
  const near = nearest(first, commandNames);
  const problem = `unknown command "${first}"${suggestion(first, commandNames)}`;
  if (near !== null) return parseCommand(near as CommandName, rest, [problem]);
  const hint = `; to run a scenario: klptorture soak ${first}`;
  return { what: 'wrong', problems: [/\.ya?ml$/.test(first) ? `${problem}${hint}` : problem] };
}

function leadingOption(word: string): string {
  const name = word.replace(/^--?/, '').split('=')[0] as string;
  const owner = commandNames.find((c) => commands[c].options.some((o) => o.name === name));
  const tail =
    owner === undefined
      ? suggestion(word, ['--version', '--help'])
      : `; it follows its command: klptorture ${owner} --${name}`;
  return `unknown option "${word}" before the command${tail}`;
}

function parseCommand(name: CommandName, args: readonly string[], problems: string[]): CommandLine {
  const spec: CommandSpec = commands[name];
  const end = args.indexOf('--');
  const words = end < 0 ? args : args.slice(0, end);
  if (problems.length === 0 && words.some((w) => w === '--help' || w === '-h')) {
    return { what: 'help', topic: name, asked: true };
  }
  const command = createCommand(spec);
  const parsed = command.parseOptions(withSigns(spec, args));
  const operands = [...parsed.operands, ...unknownWords(spec, parsed.unknown, problems)];
  const values = readValues(spec, command.opts(), problems);
  const allowed = spec.operand === null ? 0 : spec.operand.many ? operands.length : 1;
  for (const extra of operands.slice(allowed)) {
    const takes = spec.operand === null ? 'no operand' : `one ${spec.operand.name}`;
    problems.push(`${name} takes ${takes}; "${extra}" is too much`);
  }
  const operand = operands[0] ?? null;
  if (name === 'help') return help(operand, problems);
  return {
    what: 'run',
    command: name,
    operand,
    operands: spec.operand?.many ? operands : undefined,
    values,
    problems,
  };
}

/** `--duration -3s` is a value that is wrong, not an option: commander takes plain numbers only for values then. */
function withSigns(spec: CommandSpec, args: readonly string[]): string[] {
  const valued = new Set(spec.options.filter((o) => o.kind !== 'flag').map((o) => `--${o.name}`));
  const joined: string[] = [];
  for (const word of args) {
    const before = joined.at(-1);
    const isValue = /^-\d/.test(word) && before !== undefined && valued.has(before);
    if (isValue) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}

function help(topic: string | null, problems: string[]): CommandLine {
  if (topic !== null && !isCommand(topic)) {
    problems.push(`unknown command "${topic}"${suggestion(topic, commandNames)}`);
    return { what: 'wrong', problems };
  }
  return problems.length > 0 ? { what: 'wrong', problems } : { what: 'help', topic, asked: true };
}

const WEAK = 'real threads are sequentially consistent and have all barriers; use klptorture explore';
/** Options that a command cannot have, and why. */
const REFUSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  soak: {
    '--memory': `--memory: ${WEAK}`,
    '--drop-barrier': `--drop-barrier: ${WEAK}`,
    '--drop-in': `--drop-in: ${WEAK}`,
  },
};

/** Tells of the options that commander did not know; returns the words among them that are operands. */
function unknownWords(spec: CommandSpec, words: readonly string[], problems: string[]): string[] {
  const operands: string[] = [];
  const known = spec.options.map((o) => `--${o.name}`);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') return [...operands, ...words.slice(i + 1)];
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const [flag, value] = splitOnce(word);
    if (known.includes(flag)) {
      problems.push(`${flag} takes no value; got ${JSON.stringify(value)}`);
      continue;
    }
    const refused = REFUSED[spec.name]?.[flag];
    problems.push(refused ?? `unknown option "${flag}"${suggestion(flag, known)}`);
    if (value === null && (refused !== undefined || isValueOf(spec, flag, words[i + 1]))) i++;
  }
  return operands;
}

function splitOnce(word: string): [string, string | null] {
  const at = word.indexOf('=');
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

/** Whether the word after an unknown option was meant as its value, going by the option that was meant. */
function isValueOf(spec: CommandSpec, flag: string, next: string | undefined): boolean {
  if (next === undefined || next.startsWith('-')) return false;
  const meant = nearest(
    flag,
    spec.options.map((o) => `--${o.name}`),
  );
  const option = spec.options.find((o) => `--${o.name}` === meant);
  return option === undefined ? /^\d/.test(next) : option.kind !== 'flag';
}

function readValues(
  spec: CommandSpec,
  given: Readonly<Record<string, unknown>>,
  problems: string[],
): Record<string, AnyValue> {
  const values: Record<string, AnyValue> = {};
  for (const option of spec.options) {
    if (option.kind === 'flag') {
      if (isSet(option, given)) values[option.name] = true;
      continue;
    }
    const text = given[camelCase(option.name)];
    if (text === undefined) continue;
    if (Array.isArray(text) && text.every((t) => typeof t === 'string')) {
      const read = text.map((t) => parseValue(option, t));
      for (const r of read) if ('problem' in r) problems.push(r.problem);
      values[option.name] = read.flatMap((r) => ('value' in r ? [String(r.value)] : []));
      continue;
    }
    if (typeof text !== 'string') {
      problems.push(`--${option.name} needs a value: <${option.placeholder}>`);
      continue;
    }
    const read = parseValue(option, text);
    if ('problem' in read) problems.push(read.problem);
    else values[option.name] = read.value;
  }
  return values;
}

/** To commander `--no-x` is an option `x` that is true unless it is given. */
function isSet(option: OptionSpec, given: Readonly<Record<string, unknown>>): boolean {
  if (option.name.startsWith('no-')) return given[camelCase(option.name.slice('no-'.length))] === false;
  return given[camelCase(option.name)] === true;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
