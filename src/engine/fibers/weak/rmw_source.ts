// SPDX-License-Identifier: GPL-2.0-only
/** Which message a read-modify-write reads, where the newest is not the only choice. */
import type { History } from './history.js';
import type { Knowledge } from './knowledge.js';
import { COVERED, STAMP, VALUE, WELDED } from './message.js';
import { PEND } from './rows.js';

export interface Source {
  readonly slot: number;
  /** Messages that its own goes under; 0: none, or it writes nothing. */
  readonly below: number;
}

/**
 * Beside the newest message: the older ones of `readable` (slots, `n` of them, the newest first) with which the update
 * fails, and with `reorder` those behind which its own store can take a place in coherence order. It may go under what
 * any store of the actor may go under: nothing that the actor has read or must know of, and nothing that is welded to
 * the message that it reads.
 */
export function sourcesOf(
  h: History,
  known: Knowledge,
  actor: number,
  word: number,
  update: (old: number) => number | null,
  readable: ArrayLike<number>,
  n: number,
  reorder: boolean,
  full: boolean,
): Source[] {
  const top = h.top[word] as number;
  const sources: Source[] = [{ slot: h.slotOf(word, top), below: 0 }];
  const fails = (slot: number): boolean => update(h.messages[slot + VALUE] as number) === null;
  for (let i = 1; i < n; i++) {
    const slot = readable[i] as number;
    if (fails(slot)) sources.push({ slot, below: 0 });
  }
  if (!reorder) return sources;
  const pend = known.views[known.at(actor, word) + PEND] as number;
  /* The barrier in front of a full one comes after every barrier so far. */
  const fence = full ? known.fences : (known.pendingFence[actor] as number);
  for (let below = 1; below < (h.count[word] as number); below++) {
    const over = h.slotOf(word, top - below + 1);
    const stamp = h.messages[over + STAMP] as number;
    if (stamp <= pend || (h.messages[over + COVERED] as number) <= fence) break;
    const slot = h.slotOf(word, top - below);
    const room = h.messages[over + WELDED] === 0 && stamp - (h.messages[slot + STAMP] as number) > 1;
    if (room && !fails(slot)) sources.push({ slot, below });
  }
  return sources;
}
