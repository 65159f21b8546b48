// SPDX-License-Identifier: GPL-2.0-only
/** Size, licence line and marks of every source file. */
import { describe, expect, it } from 'vitest';
import { fileFormFindings, MAX_LINES } from '../support/arch/file_form.js';
import { parse, projectSources } from '../support/arch/source.js';

const spdx = '// SPDX-License-Identifier: GPL-2.0-only\n';
const look = (text: string) => fileFormFindings(parse('src/a.ts', text));

describe('the sources', () => {
  it('are small, licensed and finished', () => {
    const all = projectSources('src', 'workers', 'bench', 'test');
    expect(all.length).toBeGreaterThan(100);
    expect(all.flatMap(fileFormFindings)).toEqual([]);
  });
});

describe('the check', () => {
  it('tells a file that reaches the limit', () => {
    expect(look(spdx + 'f();\n'.repeat(MAX_LINES - 2))).toEqual([]);
    expect(look(spdx + 'f();\n'.repeat(MAX_LINES - 1))).toEqual([
      'src/a.ts:300: 300 lines; files stay under 300',
    ]);
  });

  it('tells a missing licence line', () => {
    expect(look('f();\n')).toEqual([`src/a.ts:1: the first line must be "${spdx.trim()}"`]);
    expect(look('')).toHaveLength(1);
    expect(look(`#!/usr/bin/env node\n${spdx}`)).toEqual([]);
    expect(look(`\n${spdx}`)).toHaveLength(1);
  });

  it('tells marks of unfinished work, with their line', () => {
    for (const mark of [
      ['TO', 'DO'],
      ['FIX', 'ME'],
      ['X', 'XX'],
    ].map((halves) => halves.join(''))) {
      expect(look(`${spdx}f(); // ${mark}: later\n`)).toEqual([
        `src/a.ts:2: "${mark}": do it, or make it an issue`,
      ]);
    }
  });
});
