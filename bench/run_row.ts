// SPDX-License-Identifier: GPL-2.0-only
/**
 * Runs a row in processes of its own: what the compiler learned in one row does not colour the next, and a row that
 * fails takes nothing along.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bar, Figure, RowError, RowResult, Warning } from './result.js';
import type { Measured, Row, RowOptions } from './row.js';
import { median } from './statistics.js';

/** From and to row_process.ts. */
export interface RowRequest {
  readonly name: string;
  readonly options: RowOptions;
}
export type RowReply = { readonly measured: Measured } | { readonly error: string };

const entry = fileURLToPath(new URL('./row_process.js', import.meta.url));

export async function runRow(row: Row, options: RowOptions): Promise<RowResult | RowError> {
  const { name, what, bound } = row;
  const runs: Measured[] = [];
  for (let i = 0; i < row.processes; i++) {
    const reply = await inProcess({ name, options });
    if ('error' in reply) return { name, what, error: reply.error };
    runs.push(reply.measured);
  }
  return { name, what, bound, ...merge(runs) };
}

function inProcess(request: RowRequest): Promise<RowReply> {
  return new Promise((resolve) => {
    const child = fork(entry, { serialization: 'advanced' });
    let reply: RowReply | undefined;
    child.on('message', (message) => {
      reply = message as RowReply;
    });
    child.on('error', (error) => resolve({ error: error.message }));
    child.on('exit', (code, signal) =>
      resolve(reply ?? { error: `its process ended with ${signal ?? code}` }),
    );
    child.send(request);
  });
}

/** Of each figure the median over the runs, and of its deviations the largest. Warnings that say the same once. */
export function merge(runs: readonly Measured[]): Measured {
  const first = runs[0];
  if (first === undefined) throw new RangeError('no runs');
  const bars: Bar[] = first.bars.map((b, i) => ({ ...b, ...middle(runs.map((r) => r.bars[i] as Bar)) }));
  const figures: Figure[] = first.figures.map((f, i) => ({
    ...f,
    ...middle(runs.map((r) => r.figures[i] as Figure)),
  }));
  const warnings = new Map<string, Warning>();
  for (const w of runs.flatMap((r) => r.warnings)) warnings.set(w.text.replace(/\d+/g, '0'), w);
  return { bars, figures, warnings: [...warnings.values()] };
}

function middle(of: readonly Figure[]): Pick<Figure, 'value' | 'mad'> {
  const value = median(of.map((f) => f.value));
  const mads = of.flatMap((f) => (f.mad === null ? [] : [f.mad]));
  if (mads.length === 0) return { value, mad: null };
  /* Processes may differ by more than the rounds of one. */
  return { value, mad: Math.max(...mads, median(of.map((f) => Math.abs(f.value - value)))) };
}
