// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture compare`: all designs debated in the mail, side by side. */
import { availableParallelism } from 'node:os';
import { compare } from '../explore/compare.js';
import { situations } from '../explore/situations.js';
import { compareMarkdown, compareText } from '../explore/text/compare.js';
import { protocolNames } from '../protocol/index.js';
import { readEnvironment } from '../report/environment.js';
import { paintFor } from '../report/paint.js';
import { UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { compareOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, writeLines } from './io.js';
import { resolveKernel } from './kernel_choice.js';
import type { Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const COMPARE_SCHEMA = 2;
/** So many show what is wrong with each design in at least one situation. */
const EXECUTIONS = 500;

/** Exit code: 0 when all verdicts were reached, whatever they are; 4 otherwise. */
export async function compareCommand(
  values: Values<typeof compareOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  if (problems.length > 0) throw new UsageError(problems);
  const executions = values.executions ?? EXECUTIONS;
  const interrupt = listenForInterrupts(io, () => io.stderr.write('interrupted: what is done is shown\n'));
  const cells = await compare({
    protocols: values.protocol === undefined ? protocolNames : [values.protocol],
    executions,
    workers: values.workers ?? availableParallelism(),
    seed: values.seed,
    kernel: await resolveKernel(values, io),
    signal: interrupt.signal,
    onCell: (cell, done, total) => {
      if (values.quiet) return;
      const what = cell.verdict === 'fail' ? `${cell.code} in execution ${cell.executions}` : cell.verdict;
      writeLines(io.stderr, [`[${done}/${total}] ${cell.protocol} / ${cell.situation}: ${what}`]);
    },
  });
  interrupt.stop();
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    const document = {
      schema: COMPARE_SCHEMA,
      tool,
      memory: 'sc',
      executions,
      situations,
      cells,
      environment: readEnvironment(),
    };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else if (values.markdown) io.stdout.write(compareMarkdown(cells, executions));
  else {
    const paint = paintFor(io.stdout, io.env);
    writeLines(io.stdout, compareText(cells, executions, paint, io.stdout.columns));
  }
  return cells.some((c) => c.verdict === 'inconclusive') || interrupt.signal.aborted
    ? EXIT.inconclusive
    : EXIT.pass;
}
