// SPDX-License-Identifier: GPL-2.0-only
/** What every source file looks like: its size, its licence line, and no notes to self. */
import { finding, type Source } from './source.js';

/** Files stay under this. */
export const MAX_LINES = 300;

const LICENCE = '// SPDX-License-Identifier: GPL-2.0-only';
/* Written with brackets, so that this line is no such mark itself. */
const MARK = /\b(TO[D]O|FIX[M]E|X[X]X)\b/g;

export function fileFormFindings(source: Source): string[] {
  const found: string[] = [];
  const lines = source.text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length >= MAX_LINES) {
    found.push(`${source.path}:${lines.length}: ${lines.length} lines; files stay under ${MAX_LINES}`);
  }
  /* An executable has its interpreter first. */
  const first = lines[0]?.startsWith('#!') ? lines[1] : lines[0];
  if (first !== LICENCE) found.push(`${source.path}:1: the first line must be "${LICENCE}"`);
  for (const mark of source.text.matchAll(MARK)) {
    found.push(finding(source, mark.index, `"${mark[0]}": do it, or make it an issue`));
  }
  return found;
}
