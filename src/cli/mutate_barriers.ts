// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture mutate --barriers`: each barrier of the registry left out, in each direction, under each memory model. */
import { availableParallelism } from 'node:os';
import { type BarrierResult, chosenCases, runBarriers } from '../explore/barrier_runs.js';
import { ResultBook } from '../explore/result_book.js';
import { memoryNames } from '../explore/subject.js';
import { readEnvironment } from '../report/environment.js';
import { paintFor } from '../report/paint.js';
import { formatWideTable } from '../report/wide_table.js';
import { UsageError } from '../util/fault.js';
import { markdownTable } from '../util/markdown_table.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { mutateOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, writeLines } from './io.js';
import type { Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const BARRIERS_SCHEMA = 1;
const EXECUTIONS = 320;
const HEAD = ['barrier', 'direction', ...memoryNames, 'expected', ''];

export async function mutateBarriers(
  values: Values<typeof mutateOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  const cases = chosenCases(values.only).slice(0, values.limit);
  const wrong = cases.length > 0 ? [] : [`--only: no barrier has "${values.only}" in its name`];
  if (problems.length + wrong.length > 0) throw new UsageError([...problems, ...wrong]);
  const executions = values.executions ?? EXECUTIONS;
  const book =
    values.out === undefined ? null : new ResultBook<BarrierResult>(values.out, 'barriers', values.seed);
  const interrupt = listenForInterrupts(io, () => io.stderr.write('interrupted: what is done is shown\n'));
  const results = await runBarriers(cases, {
    executions,
    workers: values.workers ?? availableParallelism(),
    seed: values.seed,
    book,
    signal: interrupt.signal,
    onResult: (r, done, total) => {
      if (!values.quiet)
        writeLines(io.stderr, [`[${done}/${total}] ${r.name} under ${r.memory}: ${cell(r)}`]);
    },
  });
  interrupt.stop();
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    const document = { schema: BARRIERS_SCHEMA, tool, executions, results, environment: readEnvironment() };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else io.stdout.write(`${text(results, values.markdown === true, io).join('\n')}\n`);
  if (interrupt.signal.aborted) return EXIT.inconclusive;
  return results.some((r) => r.asExpected === false) ? EXIT.fail : EXIT.pass;
}

/** `CODE @n`: in execution n, from 1. */
function cell(r: BarrierResult): string {
  return r.found ? `${r.code} @${r.executions}` : `not in ${r.executions}`;
}

function text(results: readonly BarrierResult[], markdown: boolean, io: Io): string[] {
  const names = [...new Set(results.map((r) => r.name))];
  const rows = names.map((name) => {
    const of = results.filter((r) => r.name === name);
    const [first] = of as [BarrierResult];
    const cells = memoryNames.map((m) => {
      const r = of.find((x) => x.memory === m);
      return r === undefined ? '-' : cell(r);
    });
    const expected = `${first.expected ?? '-'}${first.because === '' ? '' : ` (${first.because})`}`;
    const wrong = of.filter((r) => r.asExpected === false).map((r) => r.memory);
    const verdict =
      wrong.length > 0 ? `!!! ${wrong.join(', ')}` : of.every((r) => r.asExpected === null) ? '' : 'ok';
    return [first.change, first.direction ?? '-', ...cells, expected, verdict];
  });
  const count = (f: (r: BarrierResult) => boolean) => results.filter(f).length;
  const sum = `${results.length} searches: ${count((r) => r.found)} found, ${count((r) => !r.found)} not within the budget, ${count((r) => r.asExpected === false)} not as expected`;
  if (markdown) return [markdownTable(HEAD, rows), sum];
  return [
    ...formatWideTable(
      { head: HEAD, words: HEAD.map((_, i) => i) },
      rows,
      paintFor(io.stdout, io.env),
      io.stdout.columns,
    ),
    '',
    sum,
  ];
}
