// SPDX-License-Identifier: GPL-2.0-only
/** The command line: what it means, and all that is wrong with it at once. */
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '#src/cli/usage.js';

const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '));

function problemsOf(line: string): readonly string[] {
  const parsed = parse(line);
  return 'problems' in parsed ? parsed.problems : [];
}

describe('what is right', () => {
  it('a command alone', () => {
    expect(parse('soak')).toEqual({ what: 'run', command: 'soak', operand: null, values: {}, problems: [] });
  });

  it('values in both forms, flags, and the scenario anywhere', () => {
    const values = {
      duration: 300,
      cpus: 8,
      tasks: 100,
      protocol: 'online-only',
      'hotplug-lock': 'refcount',
      preempt: 'voluntary',
      retry: 5,
      seed: 0,
      json: true,
      report: 'r.json',
      'stat-interval': 0,
      'no-oracles': true,
      'no-lock-stat': true,
      quiet: true,
    };
    const line =
      'soak --duration 5m --cpus=8 --tasks 100 --protocol online-only my.yaml --hotplug-lock refcount --preempt voluntary ' +
      '--retry 5 --seed 0 --json --report r.json --stat-interval 0 --no-oracles --no-lock-stat --quiet';
    expect(parse(line)).toEqual({ what: 'run', command: 'soak', operand: 'my.yaml', values, problems: [] });
  });

  it('an option that may be given several times', () => {
    expect(parse('soak --patch a.patch --kernel my --patch=b.patch')).toMatchObject({
      values: { patch: ['a.patch', 'b.patch'], kernel: 'my' },
      problems: [],
    });
    expect(parse('kernel --patch a.patch')).toMatchObject({ values: { patch: ['a.patch'] }, problems: [] });
  });

  it('what follows -- is no option', () => {
    expect(parse('soak --json -- --odd.yaml')).toMatchObject({
      operand: '--odd.yaml',
      values: { json: true },
      problems: [],
    });
  });

  it('help in all its forms, and the version', () => {
    expect(parse('')).toEqual({ what: 'help', topic: null, asked: false });
    expect(parse('help')).toEqual({ what: 'help', topic: null, asked: true });
    expect(parse('-h')).toEqual({ what: 'help', topic: null, asked: true });
    for (const line of ['help soak', 'soak --help', 'soak --cpus 2 -h']) {
      expect(parse(line)).toEqual({ what: 'help', topic: 'soak', asked: true });
    }
    expect(parse('--version')).toEqual({ what: 'version' });
    expect(parse('-V')).toEqual({ what: 'version' });
  });
});

describe('what is wrong', () => {
  it.each([
    [
      'sok',
      'unknown command "sok": did you mean "soak"? known: soak, explore, replay, compare, mutate, selfcheck, kernel, list, litmus, help',
    ],
    [
      'frobnicate',
      'unknown command "frobnicate"; known: soak, explore, replay, compare, mutate, selfcheck, kernel, list, litmus, help',
    ],
    [
      'my.yaml',
      'unknown command "my.yaml"; known: soak, explore, replay, compare, mutate, selfcheck, kernel, list, litmus, help; to run a scenario: klptorture soak my.yaml',
    ],
    [
      '--cpus 2',
      'unknown option "--cpus" before the command; it follows its command: klptorture soak --cpus',
    ],
    [
      '--verison',
      'unknown option "--verison" before the command: did you mean "--version"? known: --version, --help',
    ],
    ['soak --cpu 3', 'unknown option "--cpu": did you mean "--cpus"?'],
    ['soak --oracles', 'unknown option "--oracles": did you mean "--no-oracles"?'],
    ['soak -x', 'unknown option "-x"; known: --duration'],
    [
      'soak --duration -3s',
      '--duration: must be a time of 0.1 s to 604800 s, such as 30, 30s, 5m, 1h; got "-3s"',
    ],
    ['soak --cpus', '--cpus needs a value: <n>'],
    ['soak --cpus --json', '--cpus needs a value: <n>'],
    ['soak --cpus 0', '--cpus: must be an integer from 1 to 32; got "0"'],
    ['soak --cpus 0x4', '--cpus: must be an integer from 1 to 32; got "0x4"'],
    ['soak --cpus=', '--cpus: must be an integer from 1 to 32; got ""'],
    ['soak --seed=-1', '--seed: must be an integer from 0 to 4294967295; got "-1"'],
    [
      'soak --duration 0',
      '--duration: must be a time of 0.1 s to 604800 s, such as 30, 30s, 5m, 1h; got "0"',
    ],
    ['soak --duration 5d', '--duration: must be a time of'],
    ['soak --protocol mainlin', '--protocol: unknown value "mainlin": did you mean "mainline-6.12"?'],
    ['soak --hotplug-lock rwsem', '--hotplug-lock: unknown value "rwsem"; known: percpu-rwsem, refcount'],
    ['soak --json=1', '--json takes no value; got "1"'],
    ['soak a b', 'soak takes one scenario; "b" is too much'],
    ['soak --patch', '--patch needs a value: <file>'],
    ['soak --patch a --patch', '--patch needs a value: <file>'],
    ['soak --patch=', '--patch: must be a file name; it may be given several times; got ""'],
    ['kernel x', 'kernel takes no operand; "x" is too much'],
    ['list x', 'list takes no operand; "x" is too much'],
    ['list --cpus 2', 'unknown option "--cpus"; known: --json'],
    ['help soka', 'unknown command "soka": did you mean "soak"?'],
  ])('%s', (line, problem) => {
    const problems = problemsOf(line);
    expect(problems[0]).toContain(problem);
    expect(problems).toHaveLength(1);
  });

  it('all at once', () => {
    expect(problemsOf('sok --cpu 3 my.yaml --duration x --json=1 --retry --tasks 0 other.yaml')).toEqual([
      'unknown command "sok": did you mean "soak"? known: soak, explore, replay, compare, mutate, selfcheck, kernel, list, litmus, help',
      'unknown option "--cpu": did you mean "--cpus"?',
      '--json takes no value; got "1"',
      '--duration: must be a time of 0.1 s to 604800 s, such as 30, 30s, 5m, 1h; got "x"',
      '--tasks: must be an integer from 1 to 1000000; got "0"',
      '--retry needs a value: <ms>',
      'soak takes one scenario; "other.yaml" is too much',
    ]);
  });

  it('does not take the value of a mistyped option for a scenario, nor a scenario for its value', () => {
    expect(parse('soak --cpu 3')).toMatchObject({ operand: null });
    expect(parse('soak --qiet my.yaml')).toMatchObject({ operand: 'my.yaml' });
    expect(parse('soak --bogus my.yaml')).toMatchObject({ operand: 'my.yaml' });
  });
});
