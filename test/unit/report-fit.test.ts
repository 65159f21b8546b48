// SPDX-License-Identifier: GPL-2.0-only
/** Wide lines are broken between words, under their column. */
import { expect, it } from 'vitest';
import { fitLine } from '#src/report/fit.js';

it('leaves alone what fits, and words that cannot be broken', () => {
  expect(fitLine('  a line', 8)).toEqual(['  a line']);
  expect(fitLine('klp1:AAAAAAAAAAAAAAAA', 10)).toEqual(['klp1:AAAAAAAAAAAAAAAA']);
});

it('goes on under the column that the text is in', () => {
  expect(fitLine('  first pass   #144 cpu1 ran the idle loop', 32)).toEqual([
    '  first pass   #144 cpu1 ran the',
    '               idle loop',
  ]);
  expect(fitLine('  hint: nobody asked it to switch', 20)).toEqual([
    '  hint: nobody asked',
    '    it to switch',
  ]);
});

it('counts no colours', () => {
  const red = '\u001b[31mred\u001b[39m';
  expect(fitLine(`${red} ${red} ${red}`, 11)).toHaveLength(1);
  expect(fitLine(`${red} ${red} ${red}`, 10)).toEqual([`${red} ${red}`, `  ${red}`]);
});
