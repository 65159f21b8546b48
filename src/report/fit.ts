// SPDX-License-Identifier: GPL-2.0-only
/** Lines that are wider than a terminal, broken between words: what goes on stands under where its column began. */

/** SGR sequences take no room. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Columns that a line takes. */
export function widthOf(line: string): number {
  return line.replace(COLOURS, '').length;
}

/** A word that is too long by itself, as a token, stays whole: it would be copied with the break in it. */
export function fitLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  /* A rule across the page. */
  if (/^([-.=])\1+$/.test(line)) return [line.slice(0, width)];
  const hang = ' '.repeat(hangOf(line.replace(COLOURS, ''), width));
  const lines: string[] = [];
  let now = '';
  for (const word of line.match(/\s*\S+/g) ?? []) {
    const fits = widthOf(now) + widthOf(word) <= width;
    if (now.trim() === '' || fits) now += word;
    else {
      lines.push(now);
      now = hang + word.trimStart();
    }
  }
  return [...lines, now];
}

/** The last column that begins in the first half of the line; without one, a little further in than the line itself. */
function hangOf(line: string, width: number): number {
  const indent = line.length - line.trimStart().length;
  let hang = Math.min(indent + 2, width >> 1);
  for (const gap of line.matchAll(/\S {2,}(?=\S)/g)) {
    const column = gap.index + gap[0].length;
    if (column <= width >> 1) hang = column;
  }
  return hang;
}
