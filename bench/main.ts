// SPDX-License-Identifier: GPL-2.0-only
/** `npm run bench`: reads the options, runs the rows, prints. A bar that is missed is a result and not an error. */
import os from 'node:os';
import { readEnvironment } from '../src/report/environment.js';
import { UsageError } from '../src/util/fault.js';
import { type BenchOptions, helpText, parseOptions } from './options.js';
import { environmentLine, markdown, rowText } from './render.js';
import { BENCH_SCHEMA, type BenchResult, type RowError, type RowResult, type Warning } from './result.js';
import type { Row } from './row.js';
import { rowByName } from './rows/index.js';
import { runRow } from './run_row.js';

async function main(options: BenchOptions): Promise<BenchResult> {
  const environment = readEnvironment();
  const startedAt = new Date().toISOString();
  const text = options.format === 'text';
  if (text) process.stdout.write(`${environmentLine(environment)}\n\n`);
  const rows: (RowResult | RowError)[] = [];
  for (const name of options.names) {
    if (!text) process.stderr.write(`${name} ...\n`);
    const row = await measured(rowByName(name) as Row, options, environment.cores);
    rows.push(row);
    if (text) process.stdout.write(`${rowText(row)}\n`);
  }
  return { schema: BENCH_SCHEMA, environment, startedAt, rows };
}

async function measured(row: Row, options: BenchOptions, cores: number): Promise<RowResult | RowError> {
  const busy = loadWarning(cores);
  const result = await runRow(row, options.row);
  return 'error' in result ? result : { ...result, warnings: [...busy, ...result.warnings] };
}

/** The last minute's load is ours only for a row of many threads, so it is read before a row. */
function loadWarning(cores: number): Warning[] {
  const load = os.loadavg()[0] ?? 0;
  if (load <= cores) return [];
  return [
    { code: 'oversubscribed', text: `the host was busy before: load ${load.toFixed(1)} on ${cores} cores` },
  ];
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText());
  } else {
    const result = await main(options);
    if (options.format === 'json') process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    if (options.format === 'markdown') process.stdout.write(markdown(result));
    process.exitCode = result.rows.some((row) => 'error' in row) ? 1 : 0;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  for (const problem of error.problems) process.stderr.write(`bench: ${problem}\n`);
  process.exitCode = 2;
}
