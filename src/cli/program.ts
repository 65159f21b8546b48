// SPDX-License-Identifier: GPL-2.0-only
/** From the command line to an exit code. */
import { reasonOf } from '../util/atomic_write.js';
import { faultText, UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { ExploreValues } from './explore.js';
import type { compareOptions, mutateOptions, replayOptions, selfcheckOptions } from './explore_options.js';
import { helpText } from './help.js';
import { type Io, writeLines } from './io.js';
import { writeJsonError } from './json_error.js';
import type { KernelCommandValues } from './kernel.js';
import type { listOptions, litmusOptions, Values } from './options.js';
import { prepareSoak, type SoakValues } from './soak_prepare.js';
import { parseCommandLine } from './usage.js';

async function run(argv: readonly string[], io: Io): Promise<number> {
  const line = parseCommandLine(argv);
  switch (line.what) {
    case 'version':
      io.stdout.write(`klptorture ${toolVersion()}\n`);
      return EXIT.pass;
    case 'help':
      writeLines(line.asked ? io.stdout : io.stderr, helpText(line.topic).trimEnd().split('\n'));
      return line.asked ? EXIT.pass : EXIT.usage;
    case 'wrong':
      throw new UsageError(line.problems);
    case 'run':
      if (line.command === 'soak') {
        const values = line.values as SoakValues;
        const { scenario, kernel } = prepareSoak(line.operand, values, line.problems);
        /* Loaded when it is needed: help and bad usage answer at once. */
        const { soak } = await import('./soak.js');
        return soak(scenario, kernel, values, io);
      }
      if (line.command === 'kernel') {
        const { kernel } = await import('./kernel.js');
        return kernel(line.values as KernelCommandValues, line.problems, io);
      }
      if (line.command === 'explore') {
        const values = line.values as ExploreValues;
        const { explore, prepareExplore } = await import('./explore.js');
        return explore(await prepareExplore(line.operand, values, line.problems, io), values, io);
      }
      if (line.command === 'replay') {
        const values = line.values as Values<typeof replayOptions>;
        return (await import('./replay.js')).replayCommand(line.operands ?? [], values, line.problems, io);
      }
      if (line.command === 'compare') {
        const values = line.values as Values<typeof compareOptions>;
        return (await import('./compare.js')).compareCommand(values, line.problems, io);
      }
      if (line.command === 'selfcheck') {
        const values = line.values as Values<typeof selfcheckOptions>;
        return (await import('./selfcheck.js')).selfcheckCommand(values, line.problems, io);
      }
      if (line.command === 'mutate') {
        const values = line.values as Values<typeof mutateOptions>;
        return (await import('./mutate.js')).mutateCommand(values, line.problems, io);
      }
      if (line.command === 'litmus') {
        const values = line.values as Values<typeof litmusOptions>;
        return (await import('./litmus.js')).litmus(line.operands ?? [], values, line.problems, io);
      }
      if (line.problems.length > 0) throw new UsageError(line.problems);
      (await import('./list.js')).list(line.values as Values<typeof listOptions>, io);
      return EXIT.pass;
  }
}

function tell(error: unknown, io: Io): number {
  if (error instanceof UsageError) {
    io.stderr.write(`${error.problems.join('\n')}\n`);
    const count = error.problems.length === 1 ? '1 problem' : `${error.problems.length} problems`;
    io.stderr.write(`klptorture: ${count}; see: klptorture help\n`);
    writeJsonError(io, 'usage', error.problems);
    return EXIT.usage;
  }
  const stack = faultText(error);
  io.stderr.write(`klptorture: simulator bug: ${stack}\n`);
  writeJsonError(io, 'bug', [stack]);
  return EXIT.bug;
}

/** Resolves when what was written has left the process, which a pipe may take a while for. */
function flushed(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/** Ends the process. */
export async function program(argv: readonly string[], io: Io): Promise<never> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    /* The reader went away (a pipe to head, a terminal that was closed): nobody is left to hear the verdict. */
    const isGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
    if (isGone) process.exit(EXIT.inconclusive);
    process.stderr.write(`klptorture: the report cannot be written to stdout: ${reasonOf(error)}\n`);
    process.exit(EXIT.usage);
  });
  process.stderr.on('error', () => process.exit(EXIT.inconclusive));
  process.on('uncaughtException', (error) => process.exit(tell(error, io)));
  process.on('unhandledRejection', (error) => process.exit(tell(error, io)));

  const code = await run(argv, io).catch((error: unknown) => tell(error, io));
  await flushed(process.stdout);
  await flushed(process.stderr);
  /* Not by itself: a thread that hangs would keep the process for ever. */
  process.exit(code);
}
