// SPDX-License-Identifier: GPL-2.0-only
/**
 * lock_stat: adds up what the actors counted and prints it in the layout of /proc/lock_stat, version 0.4
 * (kernel/locking/lockdep_proc.c: seq_header and seq_stats; Documentation/locking/lockstat.rst tells what the columns
 * mean), so that what reads the kernel's file reads this one.
 *
 * Where it differs: instruction pointers are numbers of named places, so a symbol has no offset; a mode that was
 * waited for and never had still gets its row, since that is what a hang looks like; a class that was never used is
 * left out.
 */
import { ip_names, lockClassName } from '../kernel/abi/lock_classes.js';
import { type LockStatBuffer, LS, LS_POINTS, LS_READ, LS_WRITE, lockStatOffset } from '../trace/lock_stat.js';
import { formatLockTime } from './units.js';

/** Spans in ns; all 0 when there was none. */
export interface LockTimes {
  readonly min: number;
  readonly max: number;
  readonly total: number;
  /** Whole ns, as the kernel divides. */
  readonly avg: number;
}

/** A class in one mode. */
export interface LockStatMode {
  readonly conBounces: number;
  readonly contentions: number;
  readonly waitNs: LockTimes;
  readonly acqBounces: number;
  readonly acquisitions: number;
  readonly holdNs: LockTimes;
}

export interface LockPoint {
  /** Number of the place. */
  readonly ip: number;
  readonly symbol: string;
  readonly count: number;
}

/** A class. A mode that was not used is null. */
export interface LockStatRow {
  readonly name: string;
  readonly write: LockStatMode | null;
  readonly read: LockStatMode | null;
  /** Up to four places that waited, most often first. */
  readonly contentionPoints: readonly LockPoint[];
  /** Up to four places that held the lock meanwhile, most often first. */
  readonly contendingPoints: readonly LockPoint[];
}

const NAME_WIDTH = 40;
const COLUMN_WIDTH = 14;
const IP_WIDTH = 29;
/** The kernel's name buffer, without its terminator. */
const NAME_MAX = 37;
const LINE_WIDTH = NAME_WIDTH + 1 + 12 * (COLUMN_WIDTH + 1);

const columns = [
  'con-bounces',
  'contentions',
  'waittime-min',
  'waittime-max',
  'waittime-total',
  'waittime-avg',
  'acq-bounces',
  'acquisitions',
  'holdtime-min',
  'holdtime-max',
  'holdtime-total',
  'holdtime-avg',
] as const;

/** Adds up all actors. Most contended class first; classes without contention keep the order of their numbers. */
export function mergeLockStat(buffer: LockStatBuffer): LockStatRow[] {
  const words = new Float64Array(buffer.stats);
  const rows: LockStatRow[] = [];
  for (let cls = 0; cls < buffer.nrClasses; cls++) {
    const write = mergeMode(words, buffer, cls, LS_WRITE);
    const read = mergeMode(words, buffer, cls, LS_READ);
    if (write === null && read === null) continue;
    rows.push({
      name: lockClassName(cls),
      write,
      read,
      contentionPoints: mergePoints(words, buffer, cls, LS.contention_points),
      contendingPoints: mergePoints(words, buffer, cls, LS.contending_points),
    });
  }
  return rows.sort((a, b) => contentionsOf(b) - contentionsOf(a));
}

function contentionsOf(row: LockStatRow): number {
  return (row.write?.contentions ?? 0) + (row.read?.contentions ?? 0);
}

function mergeMode(
  words: Float64Array,
  buffer: LockStatBuffer,
  cls: number,
  mode: number,
): LockStatMode | null {
  const sum = (word: number): number => {
    let total = 0;
    for (let actor = 0; actor < buffer.nrActors; actor++) {
      total += words[lockStatOffset(buffer.nrClasses, actor, cls, mode) + word] ?? 0;
    }
    return total;
  };
  const times = (minWord: number, maxWord: number, totalWord: number, nr: number): LockTimes => {
    let min = 0;
    let max = 0;
    for (let actor = 0; actor < buffer.nrActors; actor++) {
      const at = lockStatOffset(buffer.nrClasses, actor, cls, mode);
      const actorMin = words[at + minWord] ?? 0;
      /* 0 is the mark of an actor that has no span yet. */
      if (actorMin !== 0 && (min === 0 || actorMin < min)) min = actorMin;
      max = Math.max(max, words[at + maxWord] ?? 0);
    }
    const total = sum(totalWord);
    return { min, max, total, avg: nr > 0 ? Math.floor(total / nr) : 0 };
  };
  const contentions = sum(LS.contentions);
  const acquisitions = sum(LS.acquisitions);
  if (contentions === 0 && acquisitions === 0) return null;
  return {
    conBounces: sum(LS.con_bounces),
    contentions,
    waitNs: times(LS.wait_min, LS.wait_max, LS.wait_total, contentions),
    acqBounces: sum(LS.acq_bounces),
    acquisitions,
    holdNs: times(LS.hold_min, LS.hold_max, LS.hold_total, acquisitions),
  };
}

/** The kernel has one set of points for both modes of a class. */
function mergePoints(words: Float64Array, buffer: LockStatBuffer, cls: number, first: number): LockPoint[] {
  const counts = new Map<number, number>();
  for (let actor = 0; actor < buffer.nrActors; actor++) {
    for (const mode of [LS_WRITE, LS_READ]) {
      const at = lockStatOffset(buffer.nrClasses, actor, cls, mode) + first;
      for (let i = 0; i < LS_POINTS; i++) {
        const ip = words[at + 2 * i] ?? 0;
        const count = words[at + 2 * i + 1] ?? 0;
        if (count > 0) counts.set(ip, (counts.get(ip) ?? 0) + count);
      }
    }
  }
  return [...counts]
    .map(([ip, count]) => ({ ip, symbol: ip_names[ip] ?? `0x${ip.toString(16)}`, count }))
    .sort((a, b) => b.count - a.count || a.ip - b.ip)
    .slice(0, LS_POINTS);
}

/** The file as the kernel shows it, with a newline at the end. */
export function formatLockStat(rows: readonly LockStatRow[]): string {
  const rule = '-'.repeat(LINE_WIDTH);
  const head = [pad('class name', NAME_WIDTH), ...columns.map((c) => pad(c, COLUMN_WIDTH))].join(' ');
  return ['lock_stat version 0.4', rule, head, rule, '', ...rows.flatMap(formatClass), ''].join('\n');
}

function pad(value: string | number, width: number): string {
  return String(value).padStart(width);
}

function formatClass(row: LockStatRow): string[] {
  const name = row.name.slice(0, NAME_MAX);
  const lines: string[] = [];
  if (row.write !== null) {
    const label = row.read === null ? pad(name, NAME_WIDTH) : `${pad(name, NAME_WIDTH - 2)}-W`;
    lines.push(`${label}:${formatMode(row.write)}`);
  }
  if (row.read !== null) lines.push(`${pad(name, NAME_WIDTH - 2)}-R:${formatMode(row.read)}`);
  if (contentionsOf(row) === 0) return lines;
  /* The short rule is as wide as the name with its suffix. */
  const rule = pad('-'.repeat(name.length + (row.read === null ? 0 : 2)), NAME_WIDTH);
  for (const points of [row.contentionPoints, row.contendingPoints]) {
    if (points.length > 0) lines.push(rule, ...points.map((p) => formatPoint(name, p)));
  }
  if (row.contendingPoints.length > 0) lines.push('', '.'.repeat(LINE_WIDTH), '');
  return lines;
}

function formatMode(mode: LockStatMode): string {
  return `${pad(mode.conBounces, COLUMN_WIDTH)} ${formatTimes(mode.contentions, mode.waitNs)} ${pad(
    mode.acqBounces,
    COLUMN_WIDTH,
  )} ${formatTimes(mode.acquisitions, mode.holdNs)}`;
}

function formatTimes(nr: number, times: LockTimes): string {
  const spans = [times.min, times.max, times.total, times.avg];
  return [pad(nr, COLUMN_WIDTH), ...spans.map((ns) => pad(formatLockTime(ns), COLUMN_WIDTH))].join(' ');
}

function formatPoint(name: string, point: LockPoint): string {
  /* A pointer prints with 16 digits in the kernel. */
  const ip = `[<${point.ip.toString(16).padStart(16, '0')}>]`;
  return `${pad(name, NAME_WIDTH)} ${pad(point.count, COLUMN_WIDTH)} ${pad(ip, IP_WIDTH)} ${point.symbol}`;
}
