// SPDX-License-Identifier: GPL-2.0-only
/** A finding made small and explained: what is printed of it, and the token that is worth keeping. */
import type { Violation } from '../oracle/violation.js';
import type { Explanation } from '../report/explanation_text.js';
import type { MissingEvent } from '../report/missing_text.js';
import type { ToldStaleRead } from '../report/stale_text.js';
import { SimulatorBug } from '../util/fault.js';
import { runnerOf } from './batch.js';
import { Bench, type Reproduction } from './bench.js';
import { isExplained, tell } from './explain.js';
import { missingEvent } from './explain_missing.js';
import { tokenOf } from './finding_report.js';
import type { Finding } from './findings.js';
import { type Minimised, minimise, sizeOf } from './minimise.js';
import { minimiseSchedule } from './minimise_schedule.js';
import { isRace, withAdvice } from './race_advice.js';
import { record } from './recorded.js';
import type { Found, Runner } from './runner.js';
import { type Searched, searchOrders } from './search_orders.js';
import { simpleSchedule } from './simple_schedule.js';
import { staleReads } from './stale_reads.js';
import type { Subject } from './subject.js';
import { partsOf } from './together.js';

export interface Study {
  /** Of the smaller execution; of several, where it takes them, with blanks between. */
  readonly token: string;
  readonly before: Minimised['before'];
  readonly after: Minimised['after'];
  /** Executions that it took. */
  readonly used: number;
  readonly violation: Violation;
  readonly explanation: Explanation | null;
  /** Under a weak memory model: the reads of older values that it takes. */
  readonly stale: readonly ToldStaleRead[];
  /** Of a transition that does not end: what would have let it; null: not looked for, or nothing found. */
  readonly missing: MissingEvent | null;
}

/** Executions that making one finding smaller may take, and its schedule after that. */
export const STUDY_BUDGET = 440;
const LAST_BUDGET = 90;

/** What a worker is asked for. Plain data, as is a Study. */
export interface StudyTask {
  readonly subject: Subject;
  readonly finding: Finding;
}

/** Null: it did not come again by itself, as a lock order of which several executions have a part. */
export async function study({ subject, finding }: StudyTask): Promise<Study | null> {
  const runner = await runnerOf(subject);
  runner.beginBatch();
  const small = await minimise(runner, finding.first, { budget: STUDY_BUDGET });
  if (small === null) return studyTogether(runner, finding);
  const { before } = small;
  if (!isExplained(small.violation.code) && !isRace(small.violation.code))
    return studyOf(small, small.found, null, before, small.after);
  try {
    const recorded = record(small.runner, small.found);
    if (isRace(small.violation.code)) {
      const found = { ...small.found, violation: withAdvice(recorded) };
      return studyOf(small, found, null, before, small.after);
    }
    const searched = searchOrders(recorded);
    const bench = new Bench(small.runner, recorded.kind, { left: LAST_BUDGET });
    const simple = simpleSchedule(bench, recorded, searched);
    const plain = () => studyOf(small, small.found, tell(recorded, searched), before, small.after);
    return simple === null
      ? plain()
      : (shown(
          small,
          minimiseSchedule(bench, simple, () => {}),
          searched,
        ) ?? plain());
  } catch (error) {
    if (!(error instanceof SimulatorBug)) throw error;
    return studyOf(small, small.found, null, before, small.after);
  }
}

/** A cycle of lock orders that no single execution has to show: one token for each that has a part in it. */
function studyTogether(runner: Runner, finding: Finding): Study | null {
  const made = partsOf(runner, finding);
  if (made === null) return null;
  const { parts, before, after, used, violation } = made;
  const token = parts.map((p) => tokenOf(runner.subject, p)).join(' ');
  return { token, before, after, used, violation, explanation: null, stale: [], missing: null };
}

/** With a simpler schedule. Null: it has not all that the explanation is about. */
function shown(small: Minimised, last: Reproduction, searched: Searched): Study | null {
  const found = { ...small.found, seed: last.seed, decisions: last.decisions, violation: last.violation };
  try {
    const explanation = tell(record(small.runner, found), searched);
    return studyOf(small, found, explanation, small.before, sizeOf(last));
  } catch (error) {
    if (!(error instanceof SimulatorBug)) throw error;
    return null;
  }
}

function studyOf(
  { subject, used, runner }: Minimised,
  found: Found,
  explanation: Explanation | null,
  before: Study['before'],
  after: Study['after'],
): Study {
  return {
    token: tokenOf(subject, found),
    before,
    after,
    used,
    violation: found.violation,
    explanation,
    stale: staleReads(runner, found),
    missing: missingEvent(runner, found),
  };
}
