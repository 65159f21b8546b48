// SPDX-License-Identifier: GPL-2.0-only
/** The parts of the final report between the violations and lock_stat: numbers in tables. Each gives lines. */
import type { LatencySummary } from './histogram.js';
import { formatTable, type Paint } from './paint.js';
import type {
  EventCounterName,
  HotplugDirection,
  HotplugResult,
  ReadersResult,
  SoakResult,
  TransitionsResult,
} from './result.js';
import { formatCount, formatMs, formatPlural, formatSi, formatUs, formatWholeMs } from './units.js';
import { formatWideTable } from './wide_table.js';

/** What each oracle judged, and whether the trace was whole. */
export function judgedSection(r: SoakResult, paint: Paint): string[] {
  const { records, dropped, throttleMs } = r.trace;
  const trace = `  trace: ${formatPlural(records, 'record', 'records')}, ${formatCount(dropped)} dropped, CPUs throttled for ${formatUs(throttleMs * 1000)}`;
  if (r.oracles.length === 0) return ['Judged: nothing, no oracle ran', trace];
  const rows = r.oracles.map((o) => [o.name, formatCount(o.records)]);
  return ['Judged', ...formatTable({ head: ['oracle', 'records'], words: [0] }, rows, paint), trace];
}

/** Always shown; the other counters only where something was counted. */
const mainCounters: readonly EventCounterName[] = [
  'syscalls',
  'traced_calls',
  'handler_settled',
  'handler_transition',
];

export function ratesSection(r: SoakResult, paint: Paint): string[] {
  const names = (Object.keys(r.counters.rates) as EventCounterName[]).filter(
    (name) => mainCounters.includes(name) || r.counters.rates[name].total > 0,
  );
  const rows = names.map((name) => {
    const rate = r.counters.rates[name];
    return [
      name.replaceAll('_', ' '),
      formatCount(rate.total),
      formatSi(rate.perSecond),
      formatSi(rate.perCore),
      formatSi(rate.perCpuSecond),
    ];
  });
  const head = ['counter', 'total', 'per second', 'per second and core', 'per CPU second'];
  return ['Rates', ...formatTable({ head, words: [0] }, rows, paint)];
}

export function actorsSection(r: SoakResult, paint: Paint, width?: number): string[] {
  if (r.counters.actors.length === 0) return [];
  const rows = r.counters.actors.map(({ name, counters: c }) => [
    name,
    formatCount(c.syscalls),
    formatCount(c.traced_calls),
    formatCount(c.handler_settled),
    formatCount(c.handler_transition),
    formatCount(c.context_switches),
    formatCount(c.idle_passes),
    formatCount(c.ipis),
    formatUs(c.halt_ns / 1000),
    formatUs(c.throttle_ns / 1000),
  ]);
  const head = [
    'actor',
    'syscalls',
    'traced calls',
    'handler',
    'in transition',
    'switches',
    'idle passes',
    'IPIs',
    'halted',
    'throttled',
  ];
  return ['Actors', ...formatWideTable({ head, words: [0] }, rows, paint, width)];
}

export function transitionsSection(t: TransitionsResult, paint: Paint): string[] {
  const refused = Object.values(t.failed).reduce((a, b) => a + b, 0);
  const none = t.completed + t.reversed + t.forced + t.cancelled + refused === 0;
  if (none) return ['Transitions: none'];
  const lines = [
    `Transitions: ${formatCount(t.completed)} completed, ${formatCount(t.reversed)} reversed, ${formatCount(t.forced)} forced, ${formatCount(t.cancelled)} cancelled`,
  ];
  if (refused > 0) lines.push(`  refused: ${formatErrors(t.failed)}`);
  const { patching, unpatching } = t.latency;
  if (patching !== null || unpatching !== null) {
    const rows = [latencyRow('patching', patching), latencyRow('unpatching', unpatching)];
    lines.push(...formatTable(latencyTable, rows, paint));
  }
  if (t.attempts.length > 0) {
    const groups = t.attempts.map(
      (a) => `${a.from === a.to ? a.from : `${a.from}-${a.to}`}: ${formatCount(a.count)}`,
    );
    lines.push(`  completion attempts: ${groups.join('  ')}`);
  }
  return lines;
}

const latencyTable = {
  head: ['latency', 'count', 'min', 'p50', 'p90', 'p99', 'max', 'mean'],
  words: [0],
} as const;

function latencyRow(name: string, l: LatencySummary | null): string[] {
  if (l === null) return [name, '0', ...Array<string>(6).fill('-')];
  return [
    name,
    formatCount(l.count),
    ...[l.minUs, l.p50Us, l.p90Us, l.p99Us, l.maxUs, l.meanUs].map(formatUs),
  ];
}

function formatErrors(errors: Readonly<Record<string, number>>): string {
  return Object.entries(errors)
    .map(([errno, n]) => `${errno} ${formatCount(n)}`)
    .join(', ');
}

export function hotplugSection(
  hotplug: HotplugResult | null,
  readers: ReadersResult | null,
  paint: Paint,
): string[] {
  const lines = hotplug === null ? ['Hotplug: off in this scenario'] : directions(hotplug, paint);
  if (readers !== null) {
    lines.push(`  readers of the hotplug lock: ${formatPlural(readers.sections, 'section', 'sections')}`);
    if (readers.wait !== null)
      lines.push(...formatTable(latencyTable, [latencyRow('wait', readers.wait)], paint));
  }
  return lines;
}

function directions({ up, down }: HotplugResult, paint: Paint): string[] {
  const row = (name: string, d: HotplugDirection): string[] => [
    name,
    formatCount(d.attempts),
    formatCount(d.successes),
    formatCount(d.busy),
    formatErrors(d.errors) || '0',
    formatMs(d.minMs),
    formatMs(d.avgMs),
    formatMs(d.maxMs),
  ];
  const head = ['operation', 'attempts', 'successes', '-EBUSY', 'other errors', 'min ms', 'avg ms', 'max ms'];
  const table = formatTable({ head, words: [0] }, [row('cpu_up', up), row('cpu_down', down)], paint);
  return ['Hotplug', ...table, `  ${formatOnoff(up, down)}`];
}

/** torture_onoff_stats: successes/attempts online:offline, min,max online:offline, total online:offline. */
function formatOnoff(up: HotplugDirection, down: HotplugDirection): string {
  const span = (d: HotplugDirection): string => `${formatWholeMs(d.minMs)},${formatWholeMs(d.maxMs)}`;
  const counts = `${formatCount(up.successes)}/${formatCount(up.attempts)}:${formatCount(down.successes)}/${formatCount(down.attempts)}`;
  const totals = `${formatWholeMs(up.totalMs)}:${formatWholeMs(down.totalMs)}`;
  return `onoff: ${counts} ${span(up)}:${span(down)} ${totals} (ms)`;
}
