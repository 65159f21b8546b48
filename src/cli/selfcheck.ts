// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture selfcheck`: proves that the tool is switched on. */
import { availableParallelism } from 'node:os';
import { selfcheck } from '../explore/selfcheck.js';
import { formatTable, paintFor, paintVerdict } from '../report/paint.js';
import { UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { selfcheckOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, writeLines } from './io.js';
import type { Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const SELFCHECK_SCHEMA = 1;

export async function selfcheckCommand(
  values: Values<typeof selfcheckOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  if (problems.length > 0) throw new UsageError(problems);
  const interrupt = listenForInterrupts(io, () => io.stderr.write('interrupted\n'));
  const checked = await selfcheck(values.workers ?? availableParallelism(), interrupt.signal, (c) => {
    if (!values.quiet)
      io.stderr.write(`${c.name}: ${c.found ? `${c.code} in execution ${c.executions}` : '!!! NOT FOUND'}\n`);
  });
  interrupt.stop();
  const verdict = checked.some((c) => !c.found) ? 'fail' : interrupt.signal.aborted ? 'inconclusive' : 'pass';
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    io.stdout.write(`${JSON.stringify({ schema: SELFCHECK_SCHEMA, tool, verdict, checked }, null, 2)}\n`);
    return EXIT[verdict];
  }
  const paint = paintFor(io.stdout, io.env);
  const head = ['must fail', 'protocol', 'scheduler', 'code', 'execution'];
  const rows = checked.map((c) => [
    c.name,
    c.protocol,
    c.scheduler,
    c.code ?? 'NOT FOUND',
    String(c.executions),
  ]);
  const lines = formatTable({ head, words: [0, 1, 2, 3] }, rows, paint);
  const words =
    verdict === 'pass' ? 'all that must fail fails' : 'something that must fail was not found: trust no pass';
  writeLines(io.stdout, [...lines, '', `End of selfcheck: ${paintVerdict(verdict, paint)}: ${words}`]);
  return EXIT[verdict];
}
