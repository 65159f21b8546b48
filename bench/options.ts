// SPDX-License-Identifier: GPL-2.0-only
/** The bench command line. */
import { parseArgs } from 'node:util';
import { UsageError } from '../src/util/fault.js';
import { suggestion } from '../src/util/suggest.js';
import type { RowOptions } from './row.js';
import { rowByName, rows } from './rows/index.js';

export type Format = 'text' | 'json' | 'markdown';

export interface BenchOptions {
  readonly names: readonly string[];
  readonly format: Format;
  readonly help: boolean;
  readonly row: RowOptions;
}

const FLAGS = {
  json: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  seconds: { type: 'string', default: '10' },
  minutes: { type: 'string', default: '10' },
  tasks: { type: 'string', default: '10000,1000000' },
} as const;

export function helpText(): string {
  const listed = rows.map((r) => `  ${r.name.padEnd(24)}${r.what}${r.byDefault ? '' : ' (only when named)'}`);
  return [
    'Usage: npm run bench -- [NAME...] [options]',
    '',
    'Ratios against a lower bound that is measured in the same run. Rows:',
    ...listed,
    '',
    'Options:',
    '  --json                  machine-readable',
    '  --markdown              the table of the README',
    '  --seconds N             length of one soak of soak-rate (default 10)',
    '  --minutes N             length of the soak of rss-slope (default 10)',
    '  --tasks SMALL,LARGE     sizes of transition-scale (default 10000,1000000)',
    '  -h, --help              this text',
    '',
  ].join('\n');
}

/** Throws UsageError with all that is wrong. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const problems: string[] = [];
  for (const name of positionals) {
    if (rowByName(name) !== undefined) continue;
    problems.push(
      `unknown row "${name}"${suggestion(
        name,
        rows.map((r) => r.name),
      )}`,
    );
  }
  if (values.json && values.markdown) problems.push('--json and --markdown exclude each other');
  const seconds = positive('--seconds', values.seconds, problems);
  const minutes = positive('--minutes', values.minutes, problems);
  const sizes = values.tasks.split(',').map((word) => positive('--tasks', word, problems));
  const [small, large] = sizes;
  if (sizes.length !== 2 || small === undefined || large === undefined || small >= large) {
    problems.push(`--tasks takes two sizes, the smaller first: "${values.tasks}"`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  return {
    names: positionals.length > 0 ? positionals : rows.filter((r) => r.byDefault).map((r) => r.name),
    format: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
    help: values.help,
    row: { seconds, minutes, tasks: [small ?? 0, large ?? 0] },
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
}

function positive(option: string, word: string, problems: string[]): number {
  const n = Number(word);
  if (Number.isInteger(n) && n > 0 && n <= 1e7) return n;
  problems.push(`${option} takes a whole number from 1 on: "${word}"`);
  return 1;
}
