// SPDX-License-Identifier: GPL-2.0-only
/**
 * Applies unified diffs (as git prints them) to texts in memory. Line numbers are not looked at: what a hunk removes and
 * its context must occur exactly once in the file, so that a small context cannot hit the wrong place when lines move.
 */

export interface FileDiff {
  /** Path from the root of the project. */
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

interface Hunk {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export function parseDiff(text: string): FileDiff[] {
  const files: { path: string; hunks: { before: string[]; after: string[] }[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('+++ ')) {
      files.push({ path: line.slice(4).replace(/^b\//, ''), hunks: [] });
      continue;
    }
    if (line.startsWith('--- ') || line.startsWith('diff ') || line === '') continue;
    const hunks = files.at(-1)?.hunks;
    if (hunks === undefined) throw new Error(`not a unified diff: "${line}"`);
    if (line.startsWith('@@ ')) {
      hunks.push({ before: [], after: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    const rest = line.slice(1);
    if (hunk === undefined || !' +-'.includes(line[0] as string))
      throw new Error(`not a unified diff: "${line}"`);
    if (line[0] !== '+') hunk.before.push(rest);
    if (line[0] !== '-') hunk.after.push(rest);
  }
  return files;
}

/** The patched text. Throws when a hunk has no place, or more than one. */
export function applyDiff(diff: FileDiff, text: string): string {
  const lines = text.split('\n');
  let from = 0;
  for (const { before, after } of diff.hunks) {
    const places: number[] = [];
    for (let at = from; at + before.length <= lines.length; at++) {
      if (before.every((line, i) => lines[at + i] === line)) places.push(at);
    }
    const [place, second] = places;
    if (place === undefined || second !== undefined) {
      throw new Error(`${diff.path}: ${places.length} places for the hunk at "${before[0]?.trim() ?? ''}"`);
    }
    lines.splice(place, before.length, ...after);
    from = place + after.length;
  }
  return lines.join('\n');
}
