// SPDX-License-Identifier: GPL-2.0-only
/** A batch of executions: what a worker is asked for, and what it answers. Plain data. */
import type { EndKind } from '../engine/fibers/runtime.js';
import type { Excuse } from '../oracle/violation.js';
import { addCost, type Cost, noCost } from './cost.js';
import type { CoverageData } from './coverage.js';
import { measure } from './measure.js';
import { type Found, Runner } from './runner.js';
import type { Subject } from './subject.js';

/** Executions of a batch. A campaign is cut into the same batches whatever the number of workers. */
export const BATCH = 32;

export interface BatchTask {
  readonly subject: Subject;
  readonly from: number;
  readonly to: number;
}

/** By text: how many executions, and who holds a transition up in them. */
export type Doubts = Readonly<
  Record<string, { readonly count: number; readonly excuses: readonly Excuse[] }>
>;

export interface BatchResult {
  readonly from: number;
  readonly executions: number;
  readonly steps: number;
  readonly ends: Readonly<Partial<Record<EndKind, number>>>;
  /** Why executions say nothing for certain, and how many. */
  readonly doubts: Doubts;
  /** The first of each signature, and how often it came. */
  readonly found: readonly { readonly first: Found; readonly count: number }[];
  readonly coverage: CoverageData;
  readonly cost: Cost;
  /** An exhaustive search has come to its end. */
  readonly complete: boolean;
}

/** The batch was not made, by a mistake of ours: the stack. */
export interface BatchFault {
  readonly fault: string;
}

let cached: { readonly key: string; runner: Runner } | null = null;

/** The runner of a subject, kept between batches: booting a machine and loading a kernel take longer than a batch. */
export async function runnerOf(subject: Subject): Promise<Runner> {
  const key = JSON.stringify({ ...subject, steps: 0, maxSteps: 0 });
  if (cached?.key !== key) cached = { key, runner: await Runner.create(subject) };
  const { steps, maxSteps } = cached.runner.subject;
  if (steps !== subject.steps || maxSteps !== subject.maxSteps)
    cached.runner = cached.runner.withSubject(subject);
  return cached.runner;
}

/** Fills in what is measured once: how long executions are. The same for the same subject. */
export async function measured(subject: Subject): Promise<Subject> {
  if (subject.steps > 0) return subject;
  return { ...subject, ...measure(await runnerOf(subject)) };
}

export async function runBatch(task: BatchTask): Promise<BatchResult> {
  const runner = await runnerOf(task.subject);
  runner.beginBatch();
  const ends: Partial<Record<EndKind, number>> = {};
  const doubts: Record<string, Doubts[string]> = {};
  const found = new Map<string, { first: Found; count: number }>();
  const cost = noCost();
  let steps = 0;
  let executions = 0;
  let complete = false;
  for (let i = task.from; i < task.to; i++) {
    const outcome = runner.run(i);
    if (outcome === null) {
      complete = true;
      break;
    }
    executions++;
    steps += outcome.steps;
    addCost(cost, outcome.cost);
    ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
    if (outcome.doubt !== null) {
      const { text, excuses } = outcome.doubt;
      doubts[text] = { count: (doubts[text]?.count ?? 0) + 1, excuses };
    }
    for (const f of outcome.found) {
      const known = found.get(f.signature);
      if (known === undefined) found.set(f.signature, { first: f, count: 1 });
      else known.count++;
    }
  }
  const coverage = runner.coverage.data();
  return {
    from: task.from,
    executions,
    steps,
    ends,
    doubts,
    found: [...found.values()],
    coverage,
    cost,
    complete,
  };
}
