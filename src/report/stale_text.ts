// SPDX-License-Identifier: GPL-2.0-only
/** Stale reads of a finding: what each missed, from whom, and which barrier would have forbidden it. */
import type { Paint } from './paint.js';
import { formatTurned, type TurnedPair } from './turned_text.js';

export interface ToldStaleRead {
  readonly step: number;
  readonly actor: string;
  readonly word: string;
  readonly value: string;
  /** Who wrote it; null: it was there from the start, or nobody can tell. */
  readonly writer: string | null;
  readonly newest: string;
  readonly newestWriter: string | null;
  /** Stores to the word that it did not see. */
  readonly missed: number;
  /** Steps at which it read the same before. */
  readonly before: readonly number[];
  readonly fn: string;
  readonly place: string;
  /** What would have forbidden it, in words. */
  readonly remedy: string;
  /** The order that it has seen turned round, with what keeps it; null: none was found. */
  readonly turned: TurnedPair | null;
  /** The barriers that are left out, with what they order. */
  readonly leftOut: readonly string[];
}

export function formatStaleReads(reads: readonly ToldStaleRead[], paint: Paint): string[] {
  if (reads.length === 0) return [];
  const lines = ['Stale reads without which it goes away:'];
  for (const r of reads) {
    const from = r.writer === null ? 'the value it had before' : `written by ${r.writer}`;
    const stores = r.missed === 1 ? 'one store' : `${r.missed} stores`;
    lines.push(
      `  step ${r.step} ${paint.bold(r.actor)}: READ ${r.word} = ${r.value}, ${from}  (${r.fn}, ${r.place})`,
      `    the newest is ${r.newest}${r.newestWriter === null ? '' : `, written by ${r.newestWriter}`}: ${stores} missed`,
      `    forbidden by: ${r.remedy}`,
    );
    if (r.turned !== null) lines.push(...formatTurned(r.turned, '    '));
    if (r.before.length > 0) lines.push(`    the same at step ${r.before.join(', ')}`);
  }
  const left = [...new Set(reads.flatMap((r) => r.leftOut))];
  for (const barrier of left) lines.push(`  left out: ${barrier}`);
  return lines;
}
