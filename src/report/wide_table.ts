// SPDX-License-Identifier: GPL-2.0-only
/** A table that is wider than the terminal: as several, each with the first column and some of the others. */
import { widthOf } from './fit.js';
import { formatTable, type Paint, type TableShape } from './paint.js';

/** Blanks before the first column, and between two. */
const GAP = 2;

/** Lines; an empty one between two tables. `width`: of the terminal. */
export function formatWideTable(
  shape: TableShape,
  rows: readonly (readonly string[])[],
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const tables = columnGroups(shape.head, rows, width).map((group) => {
    const columns = [0, ...group];
    const words = columns.flatMap((c, i) => (shape.words.includes(c) ? [i] : []));
    const head = columns.map((c) => shape.head[c] as string);
    return formatTable(
      { head, words },
      rows.map((row) => columns.map((c) => row[c] as string)),
      paint,
    );
  });
  return tables.flatMap((t, i) => (i === 0 ? t : ['', ...t]));
}

/** Columns of each table: as many as fit beside the first, at least one. */
function columnGroups(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): number[][] {
  const widths = head.map((h, c) => Math.max(h.length, ...rows.map((r) => widthOf(r[c] as string))));
  const groups: number[][] = [];
  let room = 0;
  for (let c = 1; c < head.length; c++) {
    const needed = GAP + (widths[c] as number);
    if (groups.length === 0 || needed > room) {
      groups.push([]);
      room = width - GAP - (widths[0] as number);
    }
    groups.at(-1)?.push(c);
    room -= needed;
  }
  return groups;
}
