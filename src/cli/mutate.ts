// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture mutate`: single changes of the kernel, each against the campaign. */
import { availableParallelism } from 'node:os';
import { listMutants } from '../explore/mutants.js';
import { type MutantResult, mutate } from '../explore/mutate.js';
import { readEnvironment } from '../report/environment.js';
import { formatTable, paintFor } from '../report/paint.js';
import { UsageError } from '../util/fault.js';
import { markdownTable } from '../util/markdown_table.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { mutateOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import type { Io } from './io.js';
import { mutateBarriers } from './mutate_barriers.js';
import type { Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const MUTATE_SCHEMA = 1;
const EXECUTIONS = 64;
const HEAD = ['mutant', 'was', 'is', 'fate', 'code', 'executions'];

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
  const interrupt = listenForInterrupts(io, () => io.stderr.write('interrupted: what is done is shown\n'));
  const results = await mutate(chosen.slice(0, values.limit ?? chosen.length), {
    executions,
    workers: values.workers ?? availableParallelism(),
    seed: values.seed,
    signal: interrupt.signal,
    onResult: (r, done, total) => {
      const what =
        r.fate === 'killed' ? `killed: ${r.code} in execution ${r.executions} (${r.situation})` : r.fate;
      if (!values.quiet) io.stderr.write(`[${done}/${total}] ${r.mutant.id}: ${what}\n`);
    },
  });
  interrupt.stop();
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    const document = { schema: MUTATE_SCHEMA, tool, executions, results, environment: readEnvironment() };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else io.stdout.write(`${text(results, values.markdown === true, io).join('\n')}\n`);
  return interrupt.signal.aborted ? EXIT.inconclusive : EXIT.pass;
}

function text(results: readonly MutantResult[], markdown: boolean, io: Io): string[] {
  const rows = results.map((r) => [
    `${r.mutant.id}`,
    short(r.mutant.before),
    short(r.mutant.after),
    r.fate === 'killed' ? 'killed' : `${r.fate}${r.reason === null ? '' : `: ${short(r.reason)}`}`,
    r.code ?? '-',
    String(r.executions),
  ]);
  const count = (fate: MutantResult['fate']) => results.filter((r) => r.fate === fate).length;
  const sum = `${results.length} mutants: ${count('killed')} killed, ${count('survived')} survived, ${count('equivalent')} equivalent, ${count('broken')} broken`;
  if (markdown) return [markdownTable(HEAD, rows), sum];
  return [...formatTable({ head: HEAD, words: [0, 1, 2, 3, 4] }, rows, paintFor(io.stdout, io.env)), '', sum];
}

function short(words: string): string {
  return words.length > 48 ? `${words.slice(0, 47)}…` : words;
}
