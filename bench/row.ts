// SPDX-License-Identifier: GPL-2.0-only
/** A row of the benches: what it measures, and how. */
import type { Bar, Figure, Warning } from './result.js';

export interface RowOptions {
  /** Length of one soak, s. */
  readonly seconds: number;
  /** Length of the long soak, minutes. */
  readonly minutes: number;
  /** Sizes to compare, tasks. */
  readonly tasks: readonly [small: number, large: number];
}

export interface Measured {
  readonly bars: readonly Bar[];
  readonly figures: readonly Figure[];
  readonly warnings: readonly Warning[];
}

export interface Row {
  readonly name: string;
  readonly what: string;
  /** The lower bound that it is measured against. */
  readonly bound: string;
  /** Runs when no row is named. */
  readonly byDefault: boolean;
  /**
   * Processes in which it is repeated: the median over them counts, since a compiler's choices last for the life of a
   * process.
   */
  readonly processes: number;
  run(options: RowOptions): Promise<Measured>;
}

/** Share of a value that its median absolute deviation may be before it is worth a warning. */
const WIDE = 0.1;

export function spreadWarnings(bars: readonly Bar[]): Warning[] {
  return bars
    .filter((b) => b.mad !== null && b.mad > WIDE * Math.abs(b.value))
    .map((b) => ({
      code: 'spread',
      text: `"${b.name}" varies by ${Math.round((100 * (b.mad as number)) / Math.abs(b.value))}% between rounds`,
    }));
}
