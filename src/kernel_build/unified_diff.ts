// SPDX-License-Identifier: GPL-2.0-only
/**
 * Reads unified diffs, as `git diff` and `diff -ru` print them. What stands around them (a mail, the lines of git) is
 * left alone, as patch(1) does; inside a hunk every line counts.
 */

/** One file of a patch. */
export interface FileDiff {
  /** Name of the patch and the line of the file's header in it, for messages. */
  readonly patch: string;
  readonly line: number;
  /** Path from the root of the sources; null: the file is made by the patch. */
  readonly from: string | null;
  /** Null: the file is removed. */
  readonly to: string | null;
  readonly hunks: readonly Hunk[];
}

export interface Hunk {
  /** Of its header in the patch, from 1. */
  readonly line: number;
  /** Where it says that it belongs, from 1. */
  readonly at: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface ParsedDiff {
  readonly files: readonly FileDiff[];
  /** Lines for the user; empty: none. */
  readonly problems: readonly string[];
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

export function parseUnifiedDiff(patch: string, text: string): ParsedDiff {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const problems: string[] = [];
  const files: (FileDiff & { hunks: Hunk[] })[] = [];
  const problem = (line: number, what: string) => problems.push(`${patch}:${line + 1}: ${what}`);
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] as string;
    const refused = /^(rename from|copy from|GIT binary patch|Binary files|Only in) ?/.exec(line);
    if (refused !== null)
      problem(i, `"${refused[1]}": only changes of text can be applied (diff -ruN, git diff --no-renames)`);
    if (line.startsWith('--- ') && lines[i + 1]?.startsWith('+++ ') && lines[i + 2]?.startsWith('@@ ')) {
      const from = pathOf(line.slice(4));
      const to = pathOf((lines[i + 1] as string).slice(4));
      files.push({ patch, line: i + 1, from, to, hunks: [] });
      i += 2;
      continue;
    }
    if (!line.startsWith('@@ ')) {
      i++;
      continue;
    }
    const file = files.at(-1);
    const header = HEADER.exec(line);
    if (file === undefined || header === null) {
      problem(
        i,
        file === undefined ? 'a hunk without a file before it' : `no hunk header: ${JSON.stringify(line)}`,
      );
      i++;
      continue;
    }
    const hunk = readHunk(lines, i, header);
    if (hunk === null) problem(i, 'the hunk does not have as many lines as its header says');
    else file.hunks.push(hunk.hunk);
    i = hunk?.next ?? i + 1;
  }
  if (files.length === 0 && problems.length === 0)
    problems.push(`${patch}: no unified diff in it (--- a/…, +++ b/…, @@ … @@)`);
  return { files, problems };
}

function readHunk(
  lines: readonly string[],
  start: number,
  header: RegExpExecArray,
): { hunk: Hunk; next: number } | null {
  const count = (text: string | undefined) => (text === undefined ? 1 : Number(text));
  let [removed, added] = [count(header[2]), count(header[4])];
  const before: string[] = [];
  const after: string[] = [];
  let i = start + 1;
  for (; removed > 0 || added > 0; i++) {
    const line = lines[i];
    if (line === undefined) return null;
    /* Mail programs and editors take the blank of an empty context line away. */
    const kind = line === '' ? ' ' : line[0];
    if (kind === '\\') continue;
    if (kind !== '+' && kind !== '-' && kind !== ' ') return null;
    if (kind !== '+') {
      before.push(line.slice(1));
      removed--;
    }
    if (kind !== '-') {
      after.push(line.slice(1));
      added--;
    }
    if (removed < 0 || added < 0) return null;
  }
  if (lines[i]?.startsWith('\\') === true) i++;
  const next = lines[i] ?? '';
  const foreign = next.startsWith('--- ') || next.startsWith('-- ') || next === '--';
  if (/^[+ -]/.test(next) && !foreign) return null;
  /* Of an empty side, the header names the line before. */
  const at = header[2] === '0' ? Number(header[1]) + 1 : Number(header[1]);
  return { hunk: { line: start + 1, at, before, after }, next: i };
}

/** `a/src/kernel/x.ts` and `/tmp/mine/src/kernel/x.ts<tab>2024-…` are src/kernel/x.ts. */
function pathOf(word: string): string | null {
  const name = (word.split('\t')[0] as string).trim();
  if (name === '/dev/null') return null;
  const inside = /(?:^|\/)(src\/.*)$/.exec(name);
  return inside === null ? name.replace(/^[ab]\//, '') : (inside[1] as string);
}
