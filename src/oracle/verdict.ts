// SPDX-License-Identifier: GPL-2.0-only
/** From findings to one of three verdicts. A run that lost records, or judged nothing, is never a pass. */
import type { StopKind } from './oracle.js';
import type { Suspicion, Violation } from './violation.js';

export interface RunFindings {
  readonly violations: readonly Violation[];
  readonly suspicions: readonly Suspicion[];
  readonly dropped: number;
  readonly stopped: StopKind;
  readonly judged: readonly { readonly name: string; readonly records: number }[];
}

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** One line each; none for a pass. */
  readonly reasons: readonly string[];
}

/** Why a run cannot be a pass although no rule was seen broken. */
export function doubtsOf(run: Omit<RunFindings, 'violations'>): string[] {
  const doubts = run.suspicions.filter((s) => s.doubt).map((s) => `${s.code}: ${s.text}`);
  if (run.dropped > 0) {
    const records = run.dropped === 1 ? '1 trace record was lost' : `${run.dropped} trace records were lost`;
    doubts.push(`${records}: nothing was judged from there on`);
  }
  if (run.stopped === 'hung') doubts.push('the run hung');
  if (run.stopped === 'worker-died') doubts.push('a thread of the machine died');
  if (run.judged.length === 0) doubts.push('no oracle ran: nothing was judged');
  else if (run.judged.every((o) => o.records === 0))
    doubts.push('no oracle was fed a record: nothing was judged');
  return doubts;
}

export function verdictOf(run: RunFindings): Verdict {
  const doubts = doubtsOf(run);
  if (run.violations.length > 0) {
    return { verdict: 'fail', reasons: [...run.violations.map((v) => `${v.code}: ${v.summary}`), ...doubts] };
  }
  return { verdict: doubts.length > 0 ? 'inconclusive' : 'pass', reasons: doubts };
}
