// SPDX-License-Identifier: GPL-2.0-only
import { END_CODES } from '#src/explore/judge.js';
import { checkers } from '#src/oracle/checkers.js';
import { oracles } from '#src/oracle/index.js';

/** Of all oracles, of the checkers, and of the end of an execution. */
export function allCodes(): string[] {
  return [...oracles, ...checkers].flatMap((o) => o.codes).concat(END_CODES);
}
