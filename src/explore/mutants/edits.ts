// SPDX-License-Identifier: GPL-2.0-only
/** From edits of a text to a unified diff, as `git diff` would print it. */

export interface Edit {
  /** Characters of the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A run of lines that changes: `from` (from 0) up to `to`, not included. */
interface Change {
  from: number;
  to: number;
  lines: readonly string[];
}

const CONTEXT = 3;

export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return sorted(edits).reduceRight((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}

function sorted(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start);
}

/** Whole lines that an edit touches, and what they become; a line of which nothing is left goes. */
function changesOf(text: string, edits: readonly Edit[]): Change[] {
  const changes: (Change & { at: number; end: number; edits: Edit[] })[] = [];
  for (const edit of sorted(edits)) {
    const at = text.lastIndexOf('\n', edit.start - 1) + 1;
    const next = text.indexOf('\n', edit.end);
    const end = next < 0 ? text.length : next;
    const before = changes.at(-1);
    if (before !== undefined && at <= before.end) {
      before.end = Math.max(before.end, end);
      before.edits.push(edit);
    } else changes.push({ from: 0, to: 0, lines: [], at, end, edits: [edit] });
  }
  return changes.map((c) => {
    const moved = c.edits.map((e) => ({ ...e, start: e.start - c.at, end: e.end - c.at }));
    const after = applyEdits(text.slice(c.at, c.end), moved);
    const from = lineOf(text, c.at) - 1;
    return { from, to: lineOf(text, c.end), lines: after.trim() === '' ? [] : after.split('\n') };
  });
}

/** The patch that makes the edits in the file `path`. */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const out = [`--- a/${path}`, `+++ b/${path}`];
  const groups: Change[][] = [];
  for (const c of changesOf(text, edits)) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && c.from - last.to <= 2 * CONTEXT) groups.at(-1)?.push(c);
    else groups.push([c]);
  }
  let grown = 0;
  for (const group of groups) {
    const from = Math.max(0, (group[0] as Change).from - CONTEXT);
    const to = Math.min(lines.length, (group.at(-1) as Change).to + CONTEXT);
    const body: string[] = [];
    let at = from;
    for (const c of group) {
      body.push(
        ...lines.slice(at, c.from).map((l) => ` ${l}`),
        ...lines.slice(c.from, c.to).map((l) => `-${l}`),
      );
      body.push(...c.lines.map((l) => `+${l}`));
      at = c.to;
    }
    body.push(...lines.slice(at, to).map((l) => ` ${l}`));
    const added = body.filter((l) => l[0] !== '-').length;
    out.push(`@@ -${from + 1},${to - from} +${from + 1 + grown},${added} @@`, ...body);
    grown += added - (to - from);
  }
  return `${out.join('\n')}\n`;
}
