// SPDX-License-Identifier: GPL-2.0-only
/** How data races are told: as KCSAN's headline, with the word and both places. */
import type { Violation } from './violation.js';

export interface RaceNames {
  /** Function and `file:line` of a place in the sources. */
  site(site: number): { readonly fn: string; readonly place: string };
  /** The word of the heap as a symbol: `klp_func.transition of func 3`. */
  word(addr: number): string;
}

export interface RacingAccess {
  readonly actor: number;
  /** plain read, plain write, marked read, marked write */
  readonly how: string;
  readonly site: number;
  readonly seq: number;
}

/** `earlier` and `later` as they came; nothing orders them. */
export function raceViolation(
  names: RaceNames,
  addr: number,
  earlier: RacingAccess,
  later: RacingAccess,
): Omit<Violation, 'code' | 'count'> {
  const [a, b] = [names.site(earlier.site), names.site(later.site)];
  return {
    summary: `data-race in ${a.fn} / ${b.fn} on ${names.word(addr)}`,
    sites: [
      { label: earlier.how, seq: earlier.seq, actor: earlier.actor, text: `${a.fn} ${a.place}` },
      { label: later.how, seq: later.seq, actor: later.actor, text: `${b.fn} ${b.place}` },
    ],
    task: null,
    cpu: later.actor,
    seq: later.seq,
    hint: 'nothing orders the two: a lock is missing, an acquire or a release, or READ_ONCE, WRITE_ONCE or data_race()',
  };
}
