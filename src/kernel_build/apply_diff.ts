// SPDX-License-Identifier: GPL-2.0-only
/**
 * Applies a diff to the text of a file. Lines may have moved, but none of a hunk may differ: a hunk that goes in where
 * it was not meant would be searched for bugs as if it were the author's.
 */
import type { FileDiff, Hunk } from './unified_diff.js';

/** How far a hunk may have moved, lines. */
const REACH = 500;

/** The changed text, or the lines that say what does not fit. */
export function applyFileDiff(
  diff: FileDiff,
  text: string,
): { readonly text: string } | { readonly problems: string[] } {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const problems: string[] = [];
  /** Lines that the hunks before have added, and by which they have moved. */
  let grown = 0;
  let moved = 0;
  let from = 0;
  for (const hunk of diff.hunks) {
    const wanted = hunk.at - 1 + grown + moved;
    const place = findPlace(lines, hunk, wanted, from);
    if (place === null) {
      problems.push(misfit(diff, lines, hunk, wanted, from));
      continue;
    }
    lines.splice(place, hunk.before.length, ...hunk.after);
    moved += place - wanted;
    grown += hunk.after.length - hunk.before.length;
    from = place + hunk.after.length;
  }
  if (problems.length > 0) return { problems };
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n` };
}

function fits(lines: readonly string[], hunk: Hunk, at: number): boolean {
  return at + hunk.before.length <= lines.length && hunk.before.every((line, i) => lines[at + i] === line);
}

/** The nearest place at or after `from`; of two that are as near, the earlier one. */
function findPlace(lines: readonly string[], hunk: Hunk, wanted: number, from: number): number | null {
  for (let off = 0; off <= REACH; off++) {
    if (wanted - off >= from && fits(lines, hunk, wanted - off)) return wanted - off;
    if (wanted + off >= from && fits(lines, hunk, wanted + off)) return wanted + off;
  }
  return null;
}

/** Tells the first line that differs at the place where most of the hunk is found. */
function misfit(diff: FileDiff, lines: readonly string[], hunk: Hunk, wanted: number, from: number): string {
  let best = Math.min(Math.max(wanted, from), lines.length);
  let most = -1;
  for (let off = 0; off <= REACH; off++) {
    for (const at of [wanted - off, wanted + off]) {
      if (at < from || at > lines.length) continue;
      const same = hunk.before.filter((line, i) => lines[at + i] === line).length;
      if (same > most) [most, best] = [same, at];
    }
  }
  const wrong = Math.max(
    0,
    hunk.before.findIndex((line, i) => lines[best + i] !== line),
  );
  const found = lines[best + wrong];
  return (
    `${diff.patch}:${hunk.line}: does not apply to ${diff.from}:${best + wrong + 1}: ` +
    `expected ${JSON.stringify(hunk.before[wrong] ?? '')}, found ${found === undefined ? 'the end of the file' : JSON.stringify(found)}`
  );
}
