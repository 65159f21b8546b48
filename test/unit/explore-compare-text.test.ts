// SPDX-License-Identifier: GPL-2.0-only
/** The table of designs comes in parts where a terminal is too narrow for it. */
import { expect, it } from 'vitest';
import type { Cell } from '#src/explore/compare.js';
import { noCost } from '#src/explore/cost.js';
import { situations } from '#src/explore/situations.js';
import { compareText } from '#src/explore/text/compare.js';
import { plain } from '#src/report/paint.js';

const cell = (situation: string): Cell => ({
  protocol: 'mainline-4.12',
  situation,
  verdict: 'fail',
  code: 'PROG-HUNG-TRANSITION',
  summary: 'x',
  token: null,
  executions: 1,
  held: false,
  doubt: null,
  cost: noCost(),
});
const cells = situations.map((s) => cell(s.name));
const tableOf = (lines: readonly string[]) =>
  lines.slice(
    0,
    lines.findIndex((l) => l.includes('CODE @n')),
  );

it('is one table where there is room', () => {
  expect(tableOf(compareText(cells, 1, plain))).toHaveLength(3);
});

it('has each column once in tables that fit', () => {
  const lines = tableOf(compareText(cells, 1, plain, 80));
  expect(lines.filter((l) => l.length > 80)).toEqual([]);
  const heads = lines.filter((l) => l.startsWith('  protocol')).flatMap((l) => l.trim().split(/ {2,}/));
  expect(heads.filter((h) => h !== 'protocol')).toEqual([
    ...situations.map((s) => s.name),
    'attempts',
    'transition us',
    'refused',
    'hotplug us',
  ]);
});
