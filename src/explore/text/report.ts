// SPDX-License-Identifier: GPL-2.0-only
/** The report of a campaign as text. */
import { formatExplanation } from '../../report/explanation_text.js';
import { formatMissing } from '../../report/missing_text.js';
import { type Paint, paintVerdict } from '../../report/paint.js';
import { formatStaleReads } from '../../report/stale_text.js';
import { formatCount, formatPlural } from '../../report/units.js';
import { formatViolation } from '../../report/violation_text.js';
import type { FindingReport } from '../finding_report.js';
import type { ExploreResult } from '../result.js';

/** What a pass says nothing about. */
const BLIND = {
  sc: ' under sequential consistency; a missing barrier cannot show here',
  tso: ' under total store order; reordered reads or writes cannot show here',
  weak: ' under the weak model; load buffering, and stores that overtake earlier ones, cannot show here',
} as const;

export type NameOf = (actor: number) => string;

/** One finding: the violation in its usual form, and how often it was seen. */
export function findingLines(f: FindingReport, nameOf: NameOf, paint: Paint): string[] {
  const lines = formatViolation({ ...f.violation, count: 1 }, nameOf, paint);
  return [...lines, `  ${foundText(f)}`];
}

function foundText(f: FindingReport): string {
  const seen = f.count === 1 ? 'once' : formatPlural(f.count, 'time', 'times');
  return `found in execution ${formatCount(f.execution)} by ${f.scheduler}; seen ${seen}`;
}

/** What is shown of a finding: explained if that was done, and the token that is worth keeping. */
export function findingBlock(f: FindingReport, nameOf: NameOf, paint: Paint, width: number): string[] {
  const { study } = f;
  if (study === null) return [...findingLines(f, nameOf, paint), replayLine(f.token)];
  const { before, after, explanation, violation } = study;
  /* The places of an explained violation are in its timeline. */
  const shown = explanation === null ? violation : { ...violation, sites: [] };
  const stale = formatStaleReads(study.stale, paint);
  return [
    ...formatViolation({ ...shown, count: 1 }, nameOf, paint),
    ...(explanation === null ? [] : [`  rule: ${explanation.rule}`]),
    `  ${foundText(f)}`,
    `  made smaller: preemptions ${before.preemptions} to ${after.preemptions}, switches ${before.switches} to ${after.switches}, operations ${formatCount(before.steps)} to ${formatCount(after.steps)}`,
    ...(explanation === null ? [] : ['', ...formatExplanation(explanation, paint, width)]),
    ...(study.missing === null ? [] : ['', ...formatMissing(study.missing)]),
    ...(stale.length === 0 ? [] : ['', ...stale]),
    '',
    replayLine(study.token),
  ];
}

export function replayLine(token: string): string {
  return `  replay: klptorture replay ${token}`;
}

export function startLine(
  r: Pick<ExploreResult, 'scenario' | 'protocol' | 'memory' | 'dropped' | 'scheduler' | 'seed' | 'kernel'>,
): string {
  const dropped = r.dropped.length === 0 ? '' : ` without=${r.dropped.join(',')}`;
  const kernel = r.kernel === '' ? '' : ` kernel=${r.kernel}`;
  return `explore: scenario=${r.scenario} protocol=${r.protocol} memory=${r.memory}${dropped} scheduler=${r.scheduler} seed=${r.seed}${kernel}`;
}

/** What was reached, and what was not. */
export function coverageLines(r: ExploreResult): string[] {
  const c = r.coverage;
  const never = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`  never reached: ${what} ${names.join(', ')}`];
  return [
    `coverage: ${formatCount(c.conflicts)} conflicting pairs of accesses, ${formatCount(c.sequences)} pairs of protocol events, ${formatCount(c.lockOrders)} lock orders, ${c.barriers.seen.length} of ${c.barriers.seen.length + c.barriers.never.length} barriers`,
    ...never('events', c.events.never),
    ...never('barriers', c.barriers.never),
  ];
}

export function summaryLines(r: ExploreResult, paint: Paint): string[] {
  const rate =
    r.executionsPerSecond === null ? '' : `, ${formatCount(Math.round(r.executionsPerSecond))} a second`;
  const resumed = r.resumed > 0 ? ` (${formatCount(r.resumed)} of them earlier)` : '';
  const ends = Object.entries(r.ends)
    .map(([end, n]) => `${end} ${formatCount(n)}`)
    .join(', ');
  const lines = [
    r.executions === 0
      ? 'executions: none'
      : `executions: ${formatCount(r.executions)}${resumed}${rate}, ${formatCount(r.stepsPerExecution)} operations each; ended as: ${ends}`,
    ...(r.executions === 0 ? [] : coverageLines(r)),
  ];
  for (const why of r.reasons.filter((x) => !r.findings.some((f) => f.code === x))) lines.push(`??? ${why}`);
  const found =
    r.findings.length === 0
      ? 'no violation'
      : formatPlural(r.findings.length, 'violation', 'different violations');
  const blind = r.verdict === 'pass' ? BLIND[r.memory] : '';
  lines.push(`End of explore: ${paintVerdict(r.verdict, paint)}: ${found}${blind} (${endText(r)})`);
  return lines;
}

function endText(r: ExploreResult): string {
  switch (r.end) {
    case 'executions':
      return 'all executions made';
    case 'time':
      return 'the time budget is used up';
    case 'complete':
      return 'the search is complete';
    case 'first-violation':
      return 'stopped at the first violation';
    case 'interrupted':
      return 'interrupted';
    case 'worker-died':
      return 'a worker died';
    case 'simulator-bug':
      return 'a simulator bug: the results are worth nothing';
    case 'not-written':
      return 'the campaign could not be written down';
  }
}
