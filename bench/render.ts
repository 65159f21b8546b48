// SPDX-License-Identifier: GPL-2.0-only
/** The results as text and as the table of the README. */
import type { Environment } from '../src/report/result.js';
import { type Bar, type BenchResult, barMet, type Figure, type RowError, type RowResult } from './result.js';

export function environmentLine(e: Environment): string {
  return `node ${e.node}, ${e.cpuModel}, ${e.cores} cores, ${e.platform}`;
}

/** A few digits that mean something: 1.14, 23.4, 1,234,567. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : Number.isInteger(value) ? 0 : 2);
}

function amount({ value, unit, mad }: Figure): string {
  const shown = unit === 'x' ? `${number(value)}x` : unit === '' ? number(value) : `${number(value)} ${unit}`;
  return mad === null ? shown : `${shown} ± ${number(mad)}`;
}

function limit(b: Bar): string {
  return `${b.sense} ${amount({ ...b, value: b.limit, mad: null })}`;
}

export function rowText(row: RowResult | RowError): string {
  if ('error' in row) return `${row.name}: ${row.what}\n  not measured: ${row.error}\n`;
  const lines = [`${row.name}: ${row.what}`, `  against ${row.bound}`];
  for (const b of row.bars) {
    lines.push(`  ${barMet(b) ? 'ok    ' : 'missed'} ${b.name}: ${amount(b)} (${limit(b)})`);
  }
  for (const f of row.figures) lines.push(`         ${f.name}: ${amount(f)}`);
  for (const w of row.warnings) lines.push(`  ??? ${w.text}`);
  return `${lines.join('\n')}\n`;
}

export function markdown(result: BenchResult): string {
  const lines = ['| what | | measured | bar | |', '| --- | --- | --- | --- | --- |'];
  for (const row of result.rows) {
    if ('error' in row) {
      lines.push(`| ${row.what} | | not measured: ${cell(row.error)} | | |`);
      continue;
    }
    const none = row.bars.length === 0 ? row.figures : [];
    none.forEach((f, i) => {
      lines.push(`| ${i === 0 ? cell(row.what) : ''} | ${cell(f.name)} | ${amount(f)} | | |`);
    });
    row.bars.forEach((b, i) => {
      const what = i === 0 ? cell(row.what) : '';
      lines.push(
        `| ${what} | ${cell(b.name)} | ${amount(b)} | ${limit(b)} | ${barMet(b) ? 'met' : 'missed'} |`,
      );
    });
  }
  lines.push('', `Median ± median absolute deviation. ${environmentLine(result.environment)}.`);
  const warnings = result.rows.flatMap((row) => ('error' in row ? [] : row.warnings));
  for (const w of warnings) lines.push(`- ${cell(w.text)}`);
  return `${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
}
