// SPDX-License-Identifier: GPL-2.0-only
/** Sums over generated litmus tests: the view machine against the axioms of LKMM. What differs is printed as it comes. */
import { Unfit } from '#src/litmus/axiomatic/trace.js';
import type { Program } from '#src/litmus/program.js';
import { type Comparison, parsed } from './against_axioms.js';

export class Tally {
  private programs = 0;
  /** Too large, or beyond one of the two. */
  private unfit = 0;
  private equal = 0;
  private unsound = 0;
  private missed = 0;
  private states = 0;
  private found = 0;
  private overtaking = 0;

  /** `judge` gives null where the machine comes to no end. */
  add(text: string, judge: (program: Program) => Comparison | null): void {
    try {
      const comparison = judge(parsed(text));
      if (comparison === null) this.unfit++;
      else this.sum(text, comparison);
    } catch (fault) {
      if (!(fault instanceof Unfit)) throw fault;
      this.unfit++;
    }
  }

  private sum(text: string, { lkmm, withoutOvertaking, weak, unsound, missed }: Comparison): void {
    this.programs++;
    this.states += lkmm.size;
    this.found += weak.size;
    this.overtaking += lkmm.size - withoutOvertaking.size;
    this.unsound += unsound.length;
    this.missed += missed.length;
    if (weak.size === lkmm.size && unsound.length === 0) this.equal++;
    if (unsound.length > 0) process.stdout.write(`unsound ${unsound.join(' ')}\n${text}\n`);
    if (missed.length > 0) process.stdout.write(`missed ${missed.join(' ')}\n${text}\n`);
  }

  print(more: Readonly<Record<string, number>> = {}): void {
    process.stdout.write(`${JSON.stringify({ ...this, ...more })}\n`);
  }
}
