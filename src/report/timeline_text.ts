// SPDX-License-Identifier: GPL-2.0-only
/** What led to a violation, one column per actor: accesses with their source lines, and events of the kernel. */
import type { Paint } from './paint.js';

export type TimelineRow =
  | {
      readonly kind: 'access';
      readonly step: number;
      readonly actor: number;
      /** `READ cpu_online_mask = {0}` */
      readonly text: string;
      /** `flag_online, idle_steps.ts:30` */
      readonly place: string;
      /** Number of the access in the explanation; 0: it is not in it. */
      readonly nr: number;
      /** Step of the access that it conflicts with; -1: none. */
      readonly partner: number;
    }
  | { readonly kind: 'event'; readonly step: number; readonly actor: number; readonly text: string }
  | { readonly kind: 'preempted'; readonly step: number; readonly actor: number }
  | { readonly kind: 'violation'; readonly step: number; readonly actor: number; readonly text: string }
  /** Operations that are left out. */
  | { readonly kind: 'fold'; readonly operations: number };

export interface Timeline {
  /** Names by actor number, of those that have a column, from left to right. */
  readonly columns: readonly { readonly actor: number; readonly name: string }[];
  readonly rows: readonly TimelineRow[];
}

const GUTTER = 9;
/** The last column needs room for an access with its place. */
const LAST = 72;
const WIDEST = 26;

export function formatTimeline(timeline: Timeline, paint: Paint, width = 110): string[] {
  const { columns } = timeline;
  const longest = Math.max(...columns.map((c) => c.name.length));
  const indent = Math.max(
    longest + 1,
    Math.min(WIDEST, Math.floor((width - GUTTER - LAST) / Math.max(1, columns.length - 1))),
  );
  const at = (actor: number) =>
    indent *
    Math.max(
      0,
      columns.findIndex((c) => c.actor === actor),
    );
  const head = columns.map((c, i) => (i === columns.length - 1 ? c.name : c.name.padEnd(indent)));
  const lines = [paint.bold(`${'step'.padStart(GUTTER - 2)}  ${head.join('')}`)];
  for (const row of timeline.rows) {
    if (row.kind === 'fold') {
      lines.push(paint.dim(`${'…'.padStart(GUTTER - 2)}  ${row.operations} operations`));
      continue;
    }
    const gutter =
      `${row.kind === 'access' && row.nr > 0 ? `*${row.nr}` : ''}`.padEnd(3) + String(row.step).padStart(4);
    if (row.kind === 'violation') {
      const texts = broken(row.text, width - GUTTER);
      const indented = texts.length > 1 ? 0 : Math.min(at(row.actor), width - GUTTER - row.text.length);
      texts.forEach((text, i) => {
        lines.push(
          `${(i === 0 ? gutter : '').padEnd(GUTTER)}${' '.repeat(indented)}${paint.bold(paint.red(text))}`,
        );
      });
      continue;
    }
    lines.push(
      `${gutter}  ${' '.repeat(at(row.actor))}${body(row, width - GUTTER - at(row.actor), paint)}`.trimEnd(),
    );
  }
  return lines;
}

function body(row: Exclude<TimelineRow, { kind: 'fold' | 'violation' }>, room: number, paint: Paint): string {
  switch (row.kind) {
    case 'access': {
      const text = cut(row.text, room);
      const partner = row.partner >= 0 ? `, after ${row.partner}` : '';
      const place = text.length + 6 > room ? '' : cut(`  ${row.place}${partner}`, room - text.length);
      return (row.nr > 0 ? paint.bold(text) : text) + paint.dim(place);
    }
    case 'event':
      return paint.cyan(cut(row.text, room));
    case 'preempted':
      return paint.yellow(cut('-- preempted --', room));
  }
}

/** Lines of at most `room` letters, broken between words. */
function broken(text: string, room: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`;
    if (longer.length <= room || lines[last] === '') lines[last] = longer;
    else lines.push(word);
  }
  return lines;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}
