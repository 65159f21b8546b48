// SPDX-License-Identifier: GPL-2.0-only
/** The layout against the printf formats of seq_header and seq_stats in kernel/locking/lockdep_proc.c. */
import { expect, it } from 'vitest';
import { formatLockStat, type LockStatRow, mergeLockStat } from '#src/report/lock_stat.js';
import { lockStatBuffer } from '../support/soak_result.js';

/** %Ns and %Nlu only. */
function printf(format: string, ...values: (string | number)[]): string {
  return format.replace(/%(\d+)(?:s|lu)/g, (_, width: string) =>
    String(values.shift()).padStart(Number(width)),
  );
}

const LOCK_TIME = '%14lu %14s %14s %14s %14s';
const MODE = `%14lu ${LOCK_TIME} %14lu ${LOCK_TIME}`;
const POINT = '%40s %14lu %29s ';
const WIDTH = 40 + 1 + 12 * (14 + 1);

const mode = {
  conBounces: 30,
  contentions: 42,
  waitNs: { min: 260, max: 939_100, total: 16_371_530, avg: 389_798 },
  acqBounces: 4000,
  acquisitions: 50_000,
  holdNs: { min: 160, max: 2_220_301_690, total: 17_464_026_916_320, avg: 349_280_538 },
} as const;
const modeWords = [
  30,
  42,
  '0.26',
  '939.10',
  '16371.53',
  '389.80',
  4000,
  50_000,
  '0.16',
  '2220301.69',
  '17464026916.32',
  '349280.54',
];
const row: LockStatRow = {
  name: 'some_lock',
  write: mode,
  read: null,
  contentionPoints: [
    { ip: 17, symbol: 'klp_enable_patch', count: 40 },
    { ip: 3, symbol: 'cpu_down', count: 2 },
  ],
  contendingPoints: [{ ip: 4, symbol: 'cpu_up', count: 42 }],
};

it('has the version, the header between two rules, and an empty line', () => {
  const lines = formatLockStat([]).split('\n');
  const columns = [
    'con-bounces',
    'contentions',
    'waittime-min',
    'waittime-max',
    'waittime-total',
    'waittime-avg',
  ];
  columns.push(
    'acq-bounces',
    'acquisitions',
    'holdtime-min',
    'holdtime-max',
    'holdtime-total',
    'holdtime-avg',
  );
  expect(lines).toEqual([
    'lock_stat version 0.4',
    '-'.repeat(WIDTH),
    printf(`%40s${' %14s'.repeat(12)}`, 'class name', ...columns),
    '-'.repeat(WIDTH),
    '',
    '',
  ]);
});

it('prints a class without readers on one line, then its points and a dotted rule', () => {
  expect(formatLockStat([row]).split('\n').slice(5)).toEqual([
    printf('%40s:', 'some_lock') + printf(MODE, ...modeWords),
    printf('%40s', '-'.repeat('some_lock'.length)),
    `${printf(POINT, 'some_lock', 40, '[<0000000000000011>]')}klp_enable_patch`,
    `${printf(POINT, 'some_lock', 2, '[<0000000000000003>]')}cpu_down`,
    printf('%40s', '-'.repeat('some_lock'.length)),
    `${printf(POINT, 'some_lock', 42, '[<0000000000000004>]')}cpu_up`,
    '',
    '.'.repeat(WIDTH),
    '',
    '',
  ]);
});

it('prints writers and readers apart, and a rule as wide as the name with its suffix', () => {
  const lines = formatLockStat([{ ...row, read: mode }])
    .split('\n')
    .slice(5);
  expect(lines[0]).toBe(printf('%38s-W:', 'some_lock') + printf(MODE, ...modeWords));
  expect(lines[1]).toBe(printf('%38s-R:', 'some_lock') + printf(MODE, ...modeWords));
  expect(lines[2]).toBe(printf('%40s', '-'.repeat('some_lock'.length + 2)));
  expect(lines[3]).toMatch(/^ {31}some_lock {13}40 /);
});

it('calls a class that was only read a reader', () => {
  const [line] = formatLockStat([{ ...row, write: null, read: mode }])
    .split('\n')
    .slice(5);
  expect(line).toBe(printf('%38s-R:', 'some_lock') + printf(MODE, ...modeWords));
});

it('prints no points for a class that nobody waited for', () => {
  const calm = { ...mode, contentions: 0 };
  expect(formatLockStat([{ ...row, write: calm }]).split('\n')).toHaveLength(7);
});

it('ends every number of every row in the column of its head', () => {
  const lines = formatLockStat(mergeLockStat(lockStatBuffer())).split('\n');
  const ends = Array.from({ length: 13 }, (_, i) => 40 + 15 * i);
  const rows = lines.filter((line) => /^ *\S+:/.test(line));
  expect(rows).toHaveLength(3);
  for (const line of rows) {
    expect(line).toHaveLength(WIDTH - 1);
    const found = [...line.matchAll(/[^\s:]+/g)].map((m) => m.index + m[0].length);
    expect(found).toEqual(ends);
  }
});

it('cuts a name to what fits in the buffer of the kernel', () => {
  const [line] = formatLockStat([{ ...row, name: 'n'.repeat(60) }])
    .split('\n')
    .slice(5);
  expect(line?.indexOf(':')).toBe(40);
  expect(line?.slice(0, 40).trim()).toHaveLength(37);
});
