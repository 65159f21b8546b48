// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture soak`: runs a scenario on real threads, shows how it goes and reports how it went. */

import type { KernelChange } from '../kernel_build/change.js';
import { actorName } from '../machine/plan.js';
import type { Violation } from '../oracle/violation.js';
import { jsonText } from '../report/json.js';
import { createLive, type Live } from '../report/live.js';
import { type Paint, paintFor } from '../report/paint.js';
import type { SoakResult, SoakStart } from '../report/result.js';
import { environmentLine, startLine, textReport } from '../report/text.js';
import { formatViolation } from '../report/violation_text.js';
import type { Scenario } from '../scenario/types.js';
import { runSoak } from '../soak/run.js';
import { writeAtomically } from '../util/atomic_write.js';
import { EXIT } from './exit.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, writeLines } from './io.js';
import { buildKernelFor } from './kernel_choice.js';
import type { SoakValues } from './soak_prepare.js';

/** Seconds between two looks at the machine; statistics lines come less often. */
const LOOK_S = 0.5;
const STAT_INTERVAL_S = 5;
/** Violations shown at the moment they are found; the report has all of them. */
const SHOWN_AT_ONCE = 10;

/** What is shown while the machine runs. */
interface Progress {
  readonly onStart: (start: SoakStart) => void;
  readonly live: () => Live | null;
  readonly onViolation: (violation: Violation) => void;
}

function createProgress(
  scenario: Scenario,
  values: SoakValues,
  stream: Io['stdout'],
  paint: Paint,
): Progress {
  const statSeconds = values['stat-interval'] ?? STAT_INTERVAL_S;
  const nameOf = (actor: number): string => actorName({ nrCpus: scenario.machine.cpus }, actor);
  let live: Live | null = null;
  let shown = 0;
  return {
    onStart(start) {
      if (values.quiet) return;
      writeLines(stream, [startLine(start), environmentLine(start)]);
      if (statSeconds === 0) return;
      live = createLive(stream, { durationSeconds: scenario.limits.durationS, statSeconds, paint });
    },
    live: () => live,
    onViolation(violation) {
      shown++;
      if (shown <= SHOWN_AT_ONCE) live?.note(`!!! ${formatViolation(violation, nameOf, paint)[0]}`);
      if (shown === SHOWN_AT_ONCE + 1) live?.note('!!! more violations; they are in the report');
    },
  };
}

/** Runs and reports; returns the exit code. UsageError if the report cannot be written to its file. */
export async function soak(
  scenario: Scenario,
  change: KernelChange,
  values: SoakValues,
  io: Io,
): Promise<number> {
  const stream = values.json ? io.stderr : io.stdout;
  const paint = paintFor(stream, io.env);
  const kernel = await buildKernelFor(change, values.quiet === true ? null : io);
  const progress = createProgress(scenario, values, stream, paint);
  const interrupt = listenForInterrupts(io, () => {
    const text = 'interrupted: the run is being ended in order; once more leaves at once';
    const live = progress.live();
    if (live !== null) live.note(text);
    else io.stderr.write(`${text}\n`);
  });
  let result: SoakResult;
  try {
    result = await runSoak(scenario, {
      oracles: values['no-oracles'] !== true,
      lockStat: values['no-lock-stat'] !== true,
      statIntervalS: Math.min(values['stat-interval'] || STAT_INTERVAL_S, LOOK_S),
      onStart: progress.onStart,
      onStat: (stat) => progress.live()?.update(stat),
      onViolation: progress.onViolation,
      signal: interrupt.signal,
      kernel: kernel.hash === '' ? null : kernel,
    });
  } finally {
    interrupt.stop();
    progress.live()?.stop();
  }
  if (values.json) io.stdout.write(jsonText(result));
  else writeLines(io.stdout, textReport(result, paint, io.stdout.columns).trimEnd().split('\n'));
  if (values.report !== undefined) writeAtomically(values.report, fileText(values.report, result));
  return EXIT[result.verdict];
}

function fileText(path: string, result: SoakResult): string {
  return path.toLowerCase().endsWith('.json') ? jsonText(result) : textReport(result);
}
