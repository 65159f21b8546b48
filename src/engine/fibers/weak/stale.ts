// SPDX-License-Identifier: GPL-2.0-only
/** A stale load in words for a report: what it missed, and which barrier would have forbidden it. */

import type { StaleRead } from '../memory_model.js';
import type { History } from './history.js';
import type { Knowledge } from './knowledge.js';
import { COVERED, STAMP, TIME, VALUE, WRITER } from './message.js';
import { PEND } from './rows.js';

/**
 * `seen(writer)`: time of the latest store of that writer that the reader has read. The barrier is told from the
 * oldest store that was missed: the reader already had it among what it read (a read barrier was missing here), had
 * read a later store of the same writer (a write barrier was missing there), or neither (both sides need a full one).
 */
export function staleRead(
  h: History,
  known: Knowledge,
  reader: number,
  word: number,
  slot: number,
  seen: (writer: number) => number,
): StaleRead {
  const top = h.top[word] as number;
  const newest = h.slotOf(word, top);
  let age = 0;
  let missed = newest;
  for (let i = top; h.slotOf(word, i) !== slot; i--) {
    missed = h.slotOf(word, i);
    age++;
  }
  const writer = h.messages[missed + WRITER] as number;
  const pend = known.views[known.at(reader, word) + PEND] as number;
  let remedy = `smp_mb() after that store in actor ${writer}, and before this load`;
  if (
    (h.messages[missed + STAMP] as number) <= pend ||
    (h.messages[missed + COVERED] as number) <= (known.pendingFence[reader] as number)
  ) {
    remedy = 'smp_rmb() before this load, or an acquire at the load before it';
  } else if (seen(writer) > (h.messages[missed + TIME] as number)) {
    remedy = `smp_wmb() after that store in actor ${writer}, or a release at its next one; and smp_rmb() before this load`;
  }
  return {
    addr: h.addrOf[word] as number,
    value: h.messages[slot + VALUE] as number,
    newest: h.messages[newest + VALUE] as number,
    writer: h.messages[slot + WRITER] as number,
    newestWriter: h.messages[newest + WRITER] as number,
    age,
    remedy,
  };
}
