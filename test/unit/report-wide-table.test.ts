// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { fitLine } from '#src/report/fit.js';
import { plain } from '#src/report/paint.js';
import { formatWideTable } from '#src/report/wide_table.js';

const shape = { head: ['actor', 'calls', 'switches', 'halted'], words: [0] };
const rows = [
  ['cpu0', '1', '2', '3us'],
  ['livepatch', '4', '5', '6us'],
];

it('is one table where there is room, and without a terminal', () => {
  const whole = formatWideTable(shape, rows, plain);
  expect(whole).toHaveLength(3);
  expect(formatWideTable(shape, rows, plain, Math.max(...whole.map((l) => l.length)))).toEqual(whole);
});

it('is several where there is not, each with the first column', () => {
  const tables = formatWideTable(shape, rows, plain, 24);
  expect(tables).toEqual([
    '  actor      calls',
    '  cpu0           1',
    '  livepatch      4',
    '',
    '  actor      switches',
    '  cpu0              2',
    '  livepatch         5',
    '',
    '  actor      halted',
    '  cpu0          3us',
    '  livepatch     6us',
  ]);
  for (const line of tables) expect(line.length).toBeLessThanOrEqual(24);
});

it('cuts a rule across the page', () => {
  expect(fitLine('-'.repeat(221), 80)).toEqual(['-'.repeat(80)]);
});
