// SPDX-License-Identifier: GPL-2.0-only
/** Colours, on a terminal only, and plain tables. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Verdict } from './result.js';

export type Paint = ReturnType<typeof pc.createColors>;

/** For text that goes to a file or into a test. */
export const plain: Paint = pc.createColors(false);

/** What tells whether a stream shows colours. `env` is the process environment. */
export interface PaintTarget {
  readonly isTTY?: boolean | undefined;
}

/** Colours if the stream is a terminal that has them and NO_COLOR (no-color.org) is unset or empty. */
export function paintFor(stream: PaintTarget, env: Readonly<Record<string, string | undefined>>): Paint {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb' ? pc.createColors(true) : plain;
}

const words = { pass: 'SUCCESS', fail: 'FAILURE', inconclusive: 'INCONCLUSIVE' } as const;

/** The word of the torture tests' end line. */
export function verdictWord(verdict: Verdict): (typeof words)[Verdict] {
  return words[verdict];
}

export function paintVerdict(verdict: Verdict, paint: Paint): string {
  const colour = verdict === 'pass' ? paint.green : verdict === 'fail' ? paint.red : paint.yellow;
  return paint.bold(colour(words[verdict]));
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

export interface TableShape {
  readonly head: readonly string[];
  /** Columns that hold words; the others hold numbers and are right-aligned. */
  readonly words: readonly number[];
}

/** Lines of a table without borders, indented by two. */
export function formatTable(shape: TableShape, rows: readonly (readonly string[])[], paint: Paint): string[] {
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: shape.head.map((_, i) => (shape.words.includes(i) ? 'left' : 'right')),
  });
  table.push(
    shape.head.map((h) => paint.bold(h)),
    ...rows.map((row) => [...row]),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
}
