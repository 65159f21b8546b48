// SPDX-License-Identifier: GPL-2.0-only
/**
 * Who reads from whom, and in which order the writes of a word hit memory: every choice for one word that keeps to
 * coherence (a thread never sees a word go back) and to atomicity (no other thread writes between the halves of a
 * read-modify-write). Both rules speak of single words, so the choices of different words combine freely.
 */
import type { Graph } from './graph.js';
import { EVENT, Unfit } from './trace.js';

export interface WordChoice {
  readonly word: number;
  /** Writes in coherence order, the initial one first. Unlocks stand behind their locks. */
  readonly order: readonly number[];
  /** Pairs of write and read. */
  readonly readsFrom: readonly (readonly [number, number])[];
}

const MAX_CHOICES = 200_000;

/** `valueAt`: value that an event reads or writes. */
export function choicesOf(graph: Graph, word: number, valueAt: (event: number) => number): WordChoice[] {
  const { events, space, po } = graph;
  const writes: number[] = [];
  const reads: number[] = [];
  let initial = -1;
  for (const [i, e] of events.entries()) {
    if (e.word !== word) continue;
    if (e.thread < 0) initial = i;
    else if (e.kind === EVENT.write) writes.push(i);
    else if (e.kind === EVENT.read) reads.push(i);
  }
  const before = (a: number, b: number): boolean => space.has(po, a, b);
  const found: WordChoice[] = [];
  const order = [initial];
  const position = new Map<number, number>([[initial, 0]]);
  const sources = new Map<number, number>();

  const keepsAtomic = (): boolean =>
    reads.every((r) => {
      const w = (events[r] as { partner: number }).partner;
      if (w < 0) return true;
      const from = position.get(sources.get(r) as number) as number;
      const to = position.get(w) as number;
      const own = (events[r] as { thread: number }).thread;
      for (let k = from + 1; k < to; k++) if (events[order[k] as number]?.thread !== own) return false;
      return true;
    });

  const mayRead = (r: number, w: number): boolean => {
    const at = position.get(w) as number;
    for (const other of writes) {
      const place = position.get(other) as number;
      if (before(other, r) && place > at) return false;
      if (before(r, other) && place <= at) return false;
    }
    for (const [other, source] of sources) {
      const place = position.get(source) as number;
      if (before(other, r) && place > at) return false;
      if (before(r, other) && place < at) return false;
    }
    return true;
  };

  const chooseReads = (k: number): void => {
    const r = reads[k];
    if (r === undefined) {
      if (!keepsAtomic()) return;
      if (found.length >= MAX_CHOICES) throw new Unfit('a word is accessed too often');
      found.push({
        word,
        order: order.slice(),
        readsFrom: [...sources].map(([read, write]) => [write, read]),
      });
      return;
    }
    const value = valueAt(r);
    for (const w of order) {
      if (valueAt(w) !== value || w === (events[r] as { partner: number }).partner || !mayRead(r, w))
        continue;
      sources.set(r, w);
      chooseReads(k + 1);
      sources.delete(r);
    }
  };

  const chooseOrder = (): void => {
    if (order.length > writes.length) {
      chooseReads(0);
      return;
    }
    for (const w of writes) {
      if (position.has(w) || writes.some((x) => x !== w && !position.has(x) && before(x, w))) continue;
      position.set(w, order.length);
      order.push(w);
      chooseOrder();
      order.pop();
      position.delete(w);
    }
  };

  chooseOrder();
  return found;
}
