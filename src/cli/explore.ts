// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture explore`: one schedule after another, until it is known what they can do to a scenario. */
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { createPool, runCampaign, usefulWorkers } from '../explore/campaign.js';
import { type DirectionName, droppedName } from '../explore/dropped.js';
import { explainFirst } from '../explore/explain_first.js';
import { reportFinding } from '../explore/finding_report.js';
import type { Findings } from '../explore/findings.js';
import { makeSubject } from '../explore/prepare.js';
import { exploreResult } from '../explore/result.js';
import { CampaignStore } from '../explore/store.js';
import type { Study } from '../explore/study.js';
import type { MemoryName, Subject } from '../explore/subject.js';
import { findingBlock, findingLines, startLine, summaryLines } from '../explore/text/report.js';
import { actorName } from '../machine/plan.js';
import { readEnvironment } from '../report/environment.js';
import { paintFor } from '../report/paint.js';
import { parseScheduler } from '../schedule/index.js';
import { UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { exploreOptions } from './explore_options.js';
import { listenForInterrupts } from './interrupts.js';
import { type Io, textWidth, writeLines } from './io.js';
import { buildKernelFor, readKernel } from './kernel_choice.js';
import type { Values } from './options.js';

export type ExploreValues = Values<typeof exploreOptions>;

const EXECUTIONS = 2000;
/** Findings that are made smaller and explained. */
const EXPLAINED = 1;

/** UsageError with `problems` and all that is wrong beside them. */
export async function prepareExplore(
  operand: string | null,
  values: ExploreValues,
  problems: readonly string[],
  io: Io,
): Promise<Subject> {
  const all = [...problems];
  const collect = <T>(make: () => T): T | null => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      all.push(...error.problems);
      return null;
    }
  };
  const { scheduler = 'mix' } = values;
  const direction = (values['drop-in'] ?? null) as DirectionName | null;
  if (direction !== null && values['drop-barrier'] === undefined)
    all.push('--drop-in says where a barrier is left out: give --drop-barrier too');
  collect(() => parseScheduler(scheduler));
  const subject = collect(() =>
    makeSubject({
      scenarioName: operand ?? 'default',
      protocol: values.protocol,
      scheduler,
      seed: values.seed,
      memory: values.memory as MemoryName | undefined,
      dropped: (values['drop-barrier'] ?? []).map((id) => droppedName(id, direction)),
    }),
  );
  const change = readKernel(values, all);
  if (all.length > 0 || subject === null) throw new UsageError(all);
  const { trees, hash } = await buildKernelFor(change, values.quiet === true ? null : io);
  return { ...subject, trees, kernel: hash };
}

export async function explore(subject: Subject, values: ExploreValues, io: Io): Promise<number> {
  const store = values.out === undefined ? null : new CampaignStore(values.out, subject);
  /* A folder of another campaign is told of before anything runs. */
  store?.read();
  const stream = values.json ? io.stderr : io.stdout;
  const paint = paintFor(stream, io.env);
  const executions = values.executions ?? EXECUTIONS;
  const nameOf = (actor: number) => actorName({ nrCpus: subject.scenario.machine.cpus }, actor);
  const say = (lines: readonly string[]) => {
    if (!values.quiet) writeLines(stream, lines);
  };
  say([
    startLine({ ...subject, scenario: subject.scenarioName, protocol: subject.scenario.machine.protocol }),
  ]);
  const bar = progressBar(stream, executions, values.quiet === true);
  const interrupt = listenForInterrupts(io, () => {
    io.stderr.write('interrupted: the executions in flight are finished; once more leaves at once\n');
  });
  const workers = usefulWorkers(subject, { executions, workers: values.workers ?? availableParallelism() });
  const pool = createPool(workers);
  const outcome = await runCampaign(subject, {
    executions,
    timeBudgetS: values['time-budget'] ?? Number.POSITIVE_INFINITY,
    workers,
    pool,
    stopOnFirst: values['stop-on-first'] === true,
    store,
    signal: interrupt.signal,
    onProgress: (f) => bar.update(f),
    onFinding: (f) =>
      bar.note(() => say([`!!! ${findingLines(reportFinding(subject, f), nameOf, paint)[0]}`])),
  });
  bar.stop();
  const studies = values['no-explain']
    ? new Map<string, Study>()
    : await explainFirst(outcome, {
        pool,
        most: EXPLAINED,
        signal: interrupt.signal,
        onBegin: (code) => say([paint.dim(`    making ${code} smaller ...`)]),
        onFailure: (code, why) => io.stderr.write(`??? ${code} could not be explained: ${why}\n`),
      });
  interrupt.stop();
  const result = exploreResult(outcome, toolVersion(), readEnvironment(), studies);
  if (values.json) {
    io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return outcome.end === 'simulator-bug' ? EXIT.bug : EXIT[result.verdict];
  }
  for (const f of result.findings) {
    writeLines(io.stdout, ['', ...findingBlock(f, nameOf, paint, textWidth(io.stdout))]);
  }
  writeLines(io.stdout, ['', ...summaryLines(result, paint)]);
  return outcome.end === 'simulator-bug' ? EXIT.bug : EXIT[result.verdict];
}

interface Bar {
  update(f: Findings): void;
  /** Prints something above the bar. */
  note(print: () => void): void;
  stop(): void;
}

function progressBar(stream: Io['stdout'], total: number, quiet: boolean): Bar {
  if (quiet || stream.isTTY !== true) return { update: () => {}, note: (print) => print(), stop: () => {} };
  const bar = new SingleBar({
    format: '  [{bar}] {value}/{total} executions, {found} found, {eta_formatted} left',
    barsize: 30,
    stream,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0, { found: 0 });
  return {
    update: (f) => bar.update(Math.min(f.executions, total), { found: f.bySignature.size }),
    note: (print) => {
      stream.write('\r\x1b[2K');
      print();
    },
    stop: () => bar.stop(),
  };
}
