// SPDX-License-Identifier: GPL-2.0-only
/** What the benches report: plain data, the same for text, JSON and Markdown. */
import type { Environment } from '../src/report/result.js';
import type { Spread } from './statistics.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
export const BENCH_SCHEMA = 1;

export type Unit =
  | 'x'
  | '%'
  | 'ns'
  | 's'
  | 'calls/s'
  | 'executions/s'
  | 'points/s'
  | '/s'
  | 'MiB'
  | 'KiB/min'
  | 'words'
  | '';

/** A measured value; `mad` null: it was not sampled but counted, or there was one sample only. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
  readonly mad: number | null;
}

/** A figure that is held against a limit. */
export interface Bar extends Figure {
  readonly sense: 'at most' | 'at least';
  readonly limit: number;
}

/** Something that makes the numbers less trustworthy. Data, not an error. */
export interface Warning {
  readonly code: 'spread' | 'oversubscribed' | 'short-sample' | 'incomplete';
  readonly text: string;
}

export interface RowResult {
  readonly name: string;
  /** What is measured, as the tables print it. */
  readonly what: string;
  /** What it is measured against. */
  readonly bound: string;
  readonly bars: readonly Bar[];
  readonly figures: readonly Figure[];
  readonly warnings: readonly Warning[];
}

/** A row that could not be measured. */
export interface RowError {
  readonly name: string;
  readonly what: string;
  readonly error: string;
}

export interface BenchResult {
  readonly schema: typeof BENCH_SCHEMA;
  readonly environment: Environment;
  readonly startedAt: string;
  readonly rows: readonly (RowResult | RowError)[];
}

export function barMet(bar: Bar): boolean {
  return bar.sense === 'at most' ? bar.value <= bar.limit : bar.value >= bar.limit;
}

export function figure(name: string, unit: Unit, of: Spread): Figure {
  return { name, unit, value: of.median, mad: of.mad };
}

export function counted(name: string, unit: Unit, value: number): Figure {
  return { name, unit, value, mad: null };
}

export function bar(of: Figure, sense: Bar['sense'], limit: number): Bar {
  return { ...of, sense, limit };
}
