// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture mutate`: single changes of the kernel, each against the campaign. */
import { availableParallelism } from 'node:os';
import { listMutants, operators } from '../explore/mutants.js';
import { fates, type MutantResult, mutate } from '../explore/mutate.js';
import { ResultBook } from '../explore/result_book.js';
import { readEnvironment } from '../report/environment.js';
import { widthOf } from '../report/fit.js';
import { formatTable, paintFor } from '../report/paint.js';
import { UsageError } from '../util/fault.js';
import { markdownTable } from '../util/markdown_table.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { mutateOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, writeLines } from './io.js';
import { mutateBarriers } from './mutate_barriers.js';
import type { Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const MUTATE_SCHEMA = 2;
const EXECUTIONS = 64;
const HEAD = ['mutant', 'was', 'is', 'executions'];

export async function mutateCommand(
  values: Values<typeof mutateOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  if (values.barriers) return mutateBarriers(values, problems, io);
  const found = [...problems];
  const all = listMutants();
  const chosen = all.filter((m) => values.only === undefined || m.id.includes(values.only));
  if (chosen.length === 0)
    found.push(
      `--only: no mutant has "${values.only}" in its name; there are ${all.length}, as ${all[0]?.id}`,
    );
  if (found.length > 0) throw new UsageError(found);
  const executions = values.executions ?? EXECUTIONS;
  const book =
    values.out === undefined ? null : new ResultBook<MutantResult>(values.out, 'mutants', values.seed);
  const interrupt = listenForInterrupts(io, () => io.stderr.write('interrupted: what is done is shown\n'));
  const results = await mutate(chosen.slice(0, values.limit ?? chosen.length), {
    executions,
    workers: values.workers ?? availableParallelism(),
    seed: values.seed,
    book,
    signal: interrupt.signal,
    onResult: (r, done, total, known) => {
      if (!values.quiet)
        writeLines(io.stderr, [`[${done}/${total}] ${r.mutant.id}: ${fateOf(r)}${known ? ' (known)' : ''}`]);
    },
  });
  interrupt.stop();
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    const document = { schema: MUTATE_SCHEMA, tool, executions, results, environment: readEnvironment() };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else if (values.markdown) io.stdout.write(`${text(results, true, io).join('\n')}\n`);
  else writeLines(io.stdout, text(results, false, io));
  return interrupt.signal.aborted ? EXIT.inconclusive : EXIT.pass;
}

function fateOf(r: MutantResult): string {
  switch (r.fate) {
    case 'killed':
      return `killed: ${r.code} in execution ${r.executions} (${r.situation})`;
    case 'survived':
      return `survived ${r.executions} executions`;
    case 'unreached':
      return `unreached: no execution came there in ${r.places.join(', ')}`;
    default:
      return `${r.fate}: ${r.reason}`;
  }
}

/** How many of each operator came to which end, and what was not killed, one by one. */
function text(results: readonly MutantResult[], markdown: boolean, io: Io): string[] {
  const table = (head: readonly string[], rows: readonly (readonly string[])[], words: readonly number[]) =>
    markdown ? [markdownTable(head, rows)] : formatTable({ head, words }, rows, paintFor(io.stdout, io.env));
  const count = (of: readonly MutantResult[]) =>
    fates.map((fate) => String(of.filter((r) => r.fate === fate).length));
  const byOperator = Object.keys(operators).map((name) => [
    name,
    ...count(results.filter((r) => r.mutant.operator === name)),
  ]);
  const lines = table(['operator', ...fates], [...byOperator, ['all', ...count(results)]], [0]);
  for (const fate of fates) {
    const of = results.filter((r) => r.fate === fate);
    if (fate === 'killed' || of.length === 0) continue;
    const withReason = of.some((r) => r.reason !== null);
    const rows = of.map((r) => [
      markdown ? `\`${r.mutant.id}\`` : r.mutant.id,
      short(r.mutant.before),
      short(r.mutant.after),
      withReason ? (r.reason ?? '') : String(r.executions),
    ]);
    const head = withReason ? [...HEAD.slice(0, 3), 'why'] : HEAD;
    const one = table(head, rows, [0, 1, 2, ...(withReason ? [3] : [])]);
    const { columns = Number.POSITIVE_INFINITY } = io.stdout;
    const isTooWide = !markdown && one.some((line) => widthOf(line) > columns);
    lines.push('', `${fate}:`, ...(markdown ? [''] : []), ...(isTooWide ? asList(head, rows) : one));
  }
  const sum = fates.map((fate) => `${results.filter((r) => r.fate === fate).length} ${fate}`).join(', ');
  return [...lines, '', `${results.length} mutants: ${sum}`];
}

/** Where there is no room for a table. */
function asList(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.flatMap(([name, ...cells]) => [
    `  ${name}`,
    ...cells.map((cell, i) => `    ${head[i + 1]}: ${cell === '' ? 'nothing' : cell}`),
  ]);
}

function short(words: string): string {
  return words.length > 48 ? `${words.slice(0, 47)}…` : words;
}
