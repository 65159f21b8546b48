// SPDX-License-Identifier: GPL-2.0-only
/**
 * A campaign: executions of one subject, in batches over all cores. What it finds depends on the seed and the number of
 * executions, not on the number of workers: execution n is the same wherever it runs, and batches are merged as sums.
 */
import { Piscina } from 'piscina';
import { parseScheduler } from '../schedule/index.js';
import { hostMs } from '../util/clock.js';
import { BATCH, type BatchFault, type BatchResult, type BatchTask } from './batch.js';
import { type Finding, Findings } from './findings.js';
import { isHang } from './kind.js';
import { optimiseLater } from './optimise_later.js';
import type { CampaignStore } from './store.js';
import type { Subject } from './subject.js';

export interface CampaignOptions {
  readonly executions: number;
  /** Seconds; Infinity: none. */
  readonly timeBudgetS: number;
  readonly workers: number;
  readonly stopOnFirst: boolean;
  /** After a first hang with stopOnFirst: executions in which a broken rule, which says more, is still looked for. */
  readonly patience?: number;
  readonly store: CampaignStore | null;
  /** Of several campaigns after each other; by default one of its own. */
  readonly pool?: Pool;
  readonly signal: AbortSignal;
  onProgress(findings: Findings): void;
  onFinding(finding: Finding): void;
}

export type CampaignEnd =
  | 'executions'
  | 'time'
  /** An exhaustive search saw everything. */
  | 'complete'
  | 'first-violation'
  | 'interrupted'
  | 'worker-died'
  /** The engine has failed. */
  | 'simulator-bug'
  /** The folder of the campaign could not be written any more. */
  | 'not-written';

/** It ended for want of a worker that could go on. */
export function isBroken(end: CampaignEnd): boolean {
  return end === 'worker-died' || end === 'simulator-bug';
}

export interface CampaignOutcome {
  readonly subject: Subject;
  readonly findings: Findings;
  readonly end: CampaignEnd;
  /** Cause of the end, where it is not plain. */
  readonly cause: string | null;
  readonly wallSeconds: number;
  /** Executions that an earlier run of this campaign had done. */
  readonly resumed: number;
}

/** The workers of a campaign, or of several after each other. */
export type Pool = Piscina;

const workerFile = new URL('../../workers/explore.js', import.meta.url).href;

/** One of several searches after each other: up to the first violation, with nothing shown and nothing kept. */
export function searchFirst(
  subject: Subject,
  options: Pick<CampaignOptions, 'executions' | 'workers' | 'signal' | 'patience'> & {
    readonly pool: Piscina;
  },
): Promise<CampaignOutcome> {
  return runCampaign(subject, {
    executions: options.executions,
    workers: options.workers,
    signal: options.signal,
    patience: options.patience ?? 0,
    pool: options.pool,
    timeBudgetS: Number.POSITIVE_INFINITY,
    stopOnFirst: true,
    store: null,
    onProgress: () => {},
    onFinding: () => {},
  });
}

export function createPool(workers: number): Piscina {
  optimiseLater();
  return new Piscina({ filename: workerFile, minThreads: workers, maxThreads: workers, atomics: 'sync' });
}

/** More would have nothing to do. */
export function usefulWorkers(
  subject: Subject,
  { executions, workers }: Pick<CampaignOptions, 'executions' | 'workers'>,
): number {
  return parseScheduler(subject.scheduler).exhaustive ? 1 : Math.min(workers, Math.ceil(executions / BATCH));
}

async function measuredBy(pool: Piscina, subject: Subject): Promise<Subject> {
  return subject.steps > 0 ? subject : ((await pool.run(subject, { name: 'measure' })) as Subject);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export async function runCampaign(given: Subject, options: CampaignOptions): Promise<CampaignOutcome> {
  const started = hostMs();
  const { exhaustive } = parseScheduler(given.scheduler);
  const earlier = options.store?.read() ?? null;
  /* A search that is not complete begins anew: where it stood is not written down. */
  const findings = new Findings(earlier !== null && (!exhaustive || earlier.complete) ? earlier : undefined);
  const resumed = findings.executions;
  const workers = usefulWorkers(given, options);
  const pool = options.pool ?? createPool(workers);
  let subject = given;
  let end: CampaignEnd = 'executions';
  let cause: string | null = null;
  let stopping = findings.complete;
  if (stopping) end = 'complete';
  const stop = (why: CampaignEnd, text: string | null = null) => {
    if (!stopping || isBroken(why) || why === 'not-written') {
      end = why;
      cause = text;
    }
    stopping = true;
  };
  let next = 0;
  let last = options.executions;
  /* A part of a batch is not written down: a longer campaign makes the whole of it. */
  const parts: BatchResult[] = [];
  const take = (): BatchTask | null => {
    while (findings.batches.has(next)) next += BATCH;
    if (next >= last) return null;
    const from = next;
    next += BATCH;
    return { subject, from, to: Math.min(from + BATCH, last) };
  };
  const write = () => {
    try {
      options.store?.write(findings.state());
    } catch (error) {
      stop('not-written', messageOf(error));
    }
  };
  const merge = (batch: BatchResult, isWhole = true) => {
    const fresh = findings.merge(batch);
    if (isWhole) write();
    for (const f of fresh) options.onFinding(f);
    options.onProgress(findings);
    if (batch.complete) stop('complete');
    const [first] = findings.list();
    if (!options.stopOnFirst || first === undefined) return;
    const hangs = findings.list().every((f) => isHang(f.first.violation.code));
    last = Math.min(last, first.first.execution + 1 + (hangs ? (options.patience ?? 0) : 0));
    if (next >= last) stop('first-violation');
  };
  const work = async (): Promise<void> => {
    while (!stopping) {
      if (options.signal.aborted) return stop('interrupted');
      if ((hostMs() - started) / 1000 >= options.timeBudgetS) return stop('time');
      const task = take();
      if (task === null) return;
      try {
        const batch = (await pool.run(task)) as BatchResult | BatchFault;
        if ('fault' in batch)
          stop('simulator-bug', `in executions ${task.from} to ${task.to - 1}: ${batch.fault}`);
        else if (task.to - task.from === BATCH || batch.complete) merge(batch);
        else parts.push(batch);
      } catch (error) {
        stop('worker-died', `in executions ${task.from} to ${task.to - 1}: ${messageOf(error)}`);
      }
    }
  };
  /* One that cannot even start has no batch that would tell of it. */
  let giveUp = () => {};
  const broken = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const onError = (error: unknown) => {
    stop('worker-died', messageOf(error));
    giveUp();
  };
  pool.on('error', onError);
  try {
    const measured = await Promise.race([measuredBy(pool, given), broken]).catch((error: unknown) =>
      stop('worker-died', `before the first execution: ${messageOf(error)}`),
    );
    subject = measured ?? given;
    await Promise.race([Promise.all(Array.from({ length: workers }, work)), broken]);
    for (const part of parts) merge(part, false);
  } finally {
    pool.off('error', onError);
    if (options.pool === undefined) await pool.destroy();
  }
  return { subject, findings, end, cause, wallSeconds: (hostMs() - started) / 1000, resumed };
}
