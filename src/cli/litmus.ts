// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture litmus`: litmus tests of the kernel's memory model, judged as herd7 judges them. */
import { type ModelName, models } from '../litmus/models.js';
import { type Outcome, runTest } from '../litmus/outcome.js';
import { exportSuite, litmusFiles, readLitmus, suiteFolder } from '../litmus/suite.js';
import { outcomeData, outcomeLines, problemText, statusText } from '../litmus/text.js';
import { widthOf } from '../report/fit.js';
import { formatTable, type Paint, paintFor } from '../report/paint.js';
import { UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import { type Io, writeLines } from './io.js';
import type { litmusOptions, Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const LITMUS_SCHEMA = 1;

interface Judged {
  readonly file: string;
  readonly outcome: Outcome;
}

/** Prints what was found and returns the exit code: 1 if a verdict differs from its header, 4 if a test was skipped. */
export function litmus(
  paths: readonly string[],
  values: Values<typeof litmusOptions>,
  problems: readonly string[],
  io: Io,
): number {
  const found = [...problems];
  if (values.export !== undefined && paths.length > 0)
    found.push('--export takes no test: it writes those of the package');
  const files = litmusFiles(paths.length === 0 ? [suiteFolder()] : paths, found);
  if (found.length > 0) throw new UsageError(found);
  if (values.export !== undefined) {
    io.stdout.write(`${exportSuite(values.export)} tests written to ${values.export}\n`);
    return EXIT.pass;
  }
  const memory = (values.memory ?? 'lkmm') as ModelName;
  const paint = paintFor(io.stdout, io.env);
  const judged: Judged[] = [];
  for (const file of files) {
    const outcome = runTest(readLitmus(file), models[memory], file);
    judged.push({ file, outcome });
    if (!values.json && !values.quiet) writeLines(io.stdout, outcomeLines(outcome));
  }
  if (values.json) io.stdout.write(`${JSON.stringify(document(memory, judged), null, 2)}\n`);
  else writeLines(io.stdout, summary(memory, judged, paint, io.stdout.columns));
  return exitCode(judged);
}

function countOf(judged: readonly Judged[], status: Outcome['status']): number {
  return judged.filter((j) => j.outcome.status === status).length;
}

function exitCode(judged: readonly Judged[]): number {
  if (countOf(judged, 'differs') > 0) return EXIT.fail;
  return countOf(judged, 'skipped') > 0 ? EXIT.inconclusive : EXIT.pass;
}

function document(memory: ModelName, judged: readonly Judged[]) {
  return {
    schema: LITMUS_SCHEMA,
    tool: { name: 'klptorture', version: toolVersion() },
    memory,
    summary: {
      tests: judged.length,
      agrees: countOf(judged, 'agrees'),
      differs: countOf(judged, 'differs'),
      unjudged: countOf(judged, 'unjudged'),
      skipped: countOf(judged, 'skipped'),
    },
    tests: judged.map(({ file, outcome }) => outcomeData(file, outcome)),
  };
}

/** `width`: of the terminal; where it is too narrow for all, what the header says is left out of what agrees with it. */
function summary(memory: ModelName, judged: readonly Judged[], paint: Paint, width?: number): string[] {
  const rows = judged.map(({ outcome }) => {
    if (outcome.status === 'skipped') {
      const [first] = outcome.problems;
      return [outcome.name, '', '', '', '', `skipped: ${first === undefined ? '' : problemText(first)}`];
    }
    const { name, program, observation, found } = outcome;
    const flags = found.flags.length === 0 ? '' : ` (${found.flags.join(', ')})`;
    const expected = program.expectsRace ? `${program.expected} DATARACE` : (program.expected ?? '');
    const verdict = `${statusText(outcome)}${flags}`;
    return [name, expected, observation, String(found.positive), String(found.negative), verdict];
  });
  const head = ['test', 'header', memory, 'positive', 'negative', ''];
  const whole = formatTable({ head, words: [0, 1, 2, 5] }, rows, paint);
  const fits = whole.every((line) => widthOf(line) <= (width ?? Number.POSITIVE_INFINITY));
  const narrow = rows.map(([name, header, found, p, n, status]) => [
    name as string,
    found as string,
    `${p}/${n}`,
    status === 'agrees' || header === '' ? (status as string) : `${status}: ${header}`,
  ]);
  const table = fits
    ? whole
    : formatTable({ head: ['test', memory, '+/-', ''], words: [0, 1, 3] }, narrow, paint);
  const counts = (['agrees', 'differs', 'unjudged', 'skipped'] as const).map(
    (s) => `${countOf(judged, s)} ${s}`,
  );
  return [...table, '', `${judged.length} ${judged.length === 1 ? 'test' : 'tests'}: ${counts.join(', ')}`];
}
