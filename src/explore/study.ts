// SPDX-License-Identifier: GPL-2.0-only
/** A finding made small and explained: what is printed of it, and the token that is worth keeping. */
import type { Explanation } from '../report/explanation_text.js';
import type { ToldStaleRead } from '../report/stale_text.js';
import { SimulatorBug } from '../util/fault.js';
import { explain } from './explain.js';
import { tokenOf } from './finding_report.js';
import type { Finding } from './findings.js';
import { type Minimised, minimise } from './minimise.js';
import { Runner } from './runner.js';
import { staleReads } from './stale_reads.js';
import type { Subject } from './subject.js';

export interface Study {
  /** Of the smaller execution. */
  readonly token: string;
  readonly before: Minimised['before'];
  readonly after: Minimised['after'];
  /** Executions that it took. */
  readonly used: number;
  readonly explanation: Explanation | null;
  /** Under a weak memory model: the reads of older values that it takes. */
  readonly stale: readonly ToldStaleRead[];
}

/** Executions that making one finding smaller may take. */
export const STUDY_BUDGET = 300;

/** Null: it did not come again by itself, as a lock order of which several executions have a part. */
export async function study(subject: Subject, finding: Finding): Promise<Study | null> {
  const runner = await Runner.create(subject);
  const small = await minimise(runner, finding.first, { budget: STUDY_BUDGET });
  if (small === null) return null;
  let explanation: Explanation | null = null;
  try {
    explanation = await explain(small.runner, small.found);
  } catch (error) {
    if (!(error instanceof SimulatorBug)) throw error;
  }
  return {
    token: tokenOf(small.subject, small.found),
    before: small.before,
    after: small.after,
    used: small.used,
    explanation,
    stale: staleReads(small.runner, small.found),
  };
}
