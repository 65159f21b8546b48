// SPDX-License-Identifier: GPL-2.0-only
/**
 * The text of a run, in the habit of the kernel's torture tests: a start line and an end line with all parameters,
 * statistics lines between them, `!!!` where there are errors, `???` where there are suspicions.
 */
import { formatLockStat } from './lock_stat.js';
import { type Paint, paintVerdict, plain, verdictWord } from './paint.js';
import { environmentParameters, formatParameters } from './parameters.js';
import type { SoakResult, SoakStart } from './result.js';
import {
  actorsSection,
  hotplugSection,
  judgedSection,
  ratesSection,
  transitionsSection,
} from './sections.js';
import type { SoakStat, StatSnapshot } from './stat.js';
import {
  formatBytes,
  formatCount,
  formatElapsed,
  formatPlural,
  formatRate,
  formatSeconds,
  formatUs,
  formatWholeMs,
  ratio,
} from './units.js';
import { actorNames, formatViolation } from './violation_text.js';
import { watchdogSection } from './watchdog.js';

const TAG = 'klptorture:';

/** One line, without its newline. */
export function startLine(start: SoakStart): string {
  return `${TAG} --- Start of soak: ${formatParameters(start.scenario.parameters)}`;
}

/** The version and where it runs; goes under the start line. */
export function environmentLine(start: SoakStart): string {
  const parameters = { version: start.tool.version, ...environmentParameters(start.environment) };
  return `${TAG} ${formatParameters({ ...parameters, started: start.startedAt })}`;
}

/** The end line of the torture tests: verdict, then all parameters again. */
export function endLine(r: SoakResult): string {
  return `${TAG} --- End of soak: ${verdictWord(r.verdict)}: ${formatParameters(r.scenario.parameters)}`;
}

/** `12/3r/0f`: completed, reversed, forced. */
export function formatTransitionCounts({ counts }: StatSnapshot): string {
  return `${formatCount(counts.completed)}/${formatCount(counts.reversed)}r/${formatCount(counts.forced)}f`;
}

/** `!!! 1 ??? 2`, each only where there are any, so that a search for them finds trouble only. */
function formatMarks({ counts }: StatSnapshot, paint: Paint): string[] {
  const marks: string[] = [];
  if (counts.violations > 0) marks.push(paint.red(`!!! ${formatCount(counts.violations)}`));
  if (counts.suspicions > 0) marks.push(paint.yellow(`??? ${formatCount(counts.suspicions)}`));
  return marks;
}

/** Counts are of the whole run so far, rates of the interval since the last line. */
export function statLine(stat: SoakStat, paint: Paint = plain): string {
  const { counts, delta, intervalSeconds } = stat;
  const words = [
    `${TAG} stat ${formatElapsed(stat.elapsedSeconds)}:`,
    `syscalls ${formatCount(counts.syscalls)}`,
    `calls ${formatRate(ratio(delta.tracedCalls, intervalSeconds))}`,
    `handler ${formatRate(ratio(delta.handlerCalls, intervalSeconds))}`,
    `transitions ${formatTransitionCounts(stat)}`,
  ];
  const { transitionUs: span } = stat;
  if (span !== null) words.push(`max ${formatUs(span.max)} min ${formatUs(span.min)}`);
  if (stat.hotplug) words.push(formatOnoffStat(stat));
  if (counts.dropped > 0) words.push(`dropped ${formatCount(counts.dropped)}`);
  if (stat.rssBytes !== null) words.push(`rss ${formatBytes(stat.rssBytes)}`);
  return [...words, ...formatMarks(stat, paint)].join(' ');
}

function formatOnoffStat({ counts: c, onlineMs, offlineMs }: StatSnapshot): string {
  const text = `onoff ${c.onlineSuccesses}/${c.onlineAttempts}:${c.offlineSuccesses}/${c.offlineAttempts}`;
  const span = (s: { min: number; max: number } | null): string =>
    `${formatWholeMs(s?.min ?? null)},${formatWholeMs(s?.max ?? null)}`;
  const times = onlineMs === null && offlineMs === null ? '' : ` ${span(onlineMs)}:${span(offlineMs)}ms`;
  return `${text}${times}${c.busy > 0 ? ` busy ${formatCount(c.busy)}` : ''}`;
}

/** The end line and the whole report, with a newline at the end. */
export function textReport(r: SoakResult, paint: Paint = plain, width?: number): string {
  const sections = [
    verdictSection(r, paint),
    violationsSection(r, paint),
    suspicionsSection(r, paint),
    watchdogSection(r.watchdog, paint),
    judgedSection(r, paint),
    ratesSection(r, paint),
    actorsSection(r, paint, width),
    transitionsSection(r.transitions, paint),
    hotplugSection(r.hotplug, r.readers, paint),
  ];
  const blocks = sections.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
  const lockStat = r.lockStat === null ? 'lock_stat: not recorded\n' : formatLockStat(r.lockStat);
  return `${endLine(r)}\n\n${blocks.join('\n')}\n${lockStat}`;
}

function verdictSection(r: SoakResult, paint: Paint): string[] {
  const cpu = r.cpuSeconds === null ? '' : ` (${formatSeconds(r.cpuSeconds)} of CPU time)`;
  return [
    `${paintVerdict(r.verdict, paint)} after ${formatSeconds(r.wallSeconds)}${cpu}: ${r.stop.text}`,
    /* Those of a failure stand below in full; what else was wrong with the run is told here. */
    ...r.reasons.slice(r.violations.length).map((reason) => `  ${reason}`),
    ...r.engine.cannotFind.map((what) => `  the ${r.engine.name} engine cannot find ${what}`),
  ];
}

function violationsSection(r: SoakResult, paint: Paint): string[] {
  if (r.violations.length === 0) return [];
  const nameOf = actorNames(r.counters.actors);
  const all = r.violations.map((v) => formatViolation(v, nameOf, paint).join('\n'));
  return [`!!! ${formatPlural(all.length, 'violation', 'violations')}`, all.join('\n\n')];
}

function suspicionsSection(r: SoakResult, paint: Paint): string[] {
  return r.suspicions.map(
    (s) => `??? ${paint.yellow(s.code)} ${s.text}${s.count > 1 ? ` (${formatCount(s.count)} times)` : ''}`,
  );
}
