// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which order of two accesses was seen turned round by a stale read, and which barriers keep it. Two shapes come into
 * question (Documentation/memory-barriers.txt): a writer's stores X, Y of which the reader saw Y and not X; and a store
 * and a load of each side, where both loads missed the other's store. The barriers are put into the same execution, of
 * one side, of the other and of both, and the violation is looked for again: what is told was seen.
 */
import { FENCE } from '../engine/fibers/memory_model.js';
import type { StaleAccess, TurnedPair } from '../report/turned_text.js';
import type { Fence, Op, OpLog } from './explain_ops.js';

/** Pairs that are tried for one stale read. */
const TRIED = 10;

export interface TurnedOptions {
  /** Of the execution as it was. */
  readonly log: OpLog;
  /** The same execution with those fences: does the violation come? */
  fails(fences: readonly Fence[]): boolean;
  /** Most for words that say most. */
  weight(op: Op): number;
  told(op: Op): StaleAccess;
}

interface Pair {
  readonly shape: TurnedPair['shape'];
  readonly first: Op;
  readonly second: Op;
  /** The accesses of the reader: of `second` (messages), or of its own store (buffers); and the stale read. */
  readonly third: Op;
  readonly fourth: Op;
  /** Barriers of the writer, and of the reader. */
  readonly writer: Fence;
  readonly reader: Fence;
}

/** Null: no pair was found whose barriers forbid it. */
export function turnedPair(read: Op, options: TurnedOptions): TurnedPair | null {
  const { ops } = options.log;
  const missed = firstMissed(ops, read);
  if (missed === null) return null;
  /* The execution has to come again by numbers, or nothing that changes it means anything. */
  if (!options.fails([])) return null;
  const pairs = [...messages(ops, missed, read), ...buffers(ops, missed, read)];
  /* A message that was seen says more than two that were missed; of them, the latest of those that matter. */
  const weight = (p: Pair) => (p.shape === 'messages' ? 10 : 0) + options.weight(p.second);
  const order = [...pairs].sort((a, b) => weight(b) - weight(a) || b.second.nr - a.second.nr);
  for (const pair of order.slice(0, TRIED)) {
    const { shape, first, second, third, fourth, writer, reader } = pair;
    if (options.fails([writer, reader])) continue;
    return {
      shape,
      first: options.told(first),
      second: options.told(second),
      third: options.told(third),
      fourth: options.told(fourth),
      writerAlone: !options.fails([writer]),
      readerAlone: !options.fails([reader]),
    };
  }
  return null;
}

/** The oldest store that the load has missed. */
function firstMissed(ops: readonly Op[], read: Op): Op | null {
  const missed = ops.find(
    (o) => o.nr > read.from && o.nr < read.nr && o.addr === read.addr && o.written !== null,
  );
  return missed === undefined || missed.actor === read.actor ? null : missed;
}

/** Later stores of the writer that the reader has read before. */
function messages(ops: readonly Op[], first: Op, fourth: Op): Pair[] {
  const pairs = new Map<number, Pair>();
  for (const third of ops) {
    if (third.nr >= fourth.nr) break;
    if (third.actor !== fourth.actor || third.read === null || third.from <= first.nr) continue;
    const second = ops[third.from] as Op;
    if (second.actor !== first.actor || second.addr === first.addr || pairs.has(second.nr)) continue;
    const writer = { nr: second.nr, kind: FENCE.wmb };
    const reader = { nr: fourth.nr, kind: FENCE.rmb };
    pairs.set(second.nr, { shape: 'messages', first, second, third, fourth, writer, reader });
  }
  return [...pairs.values()];
}

/** Later loads of the writer that have missed a store which the reader had made before. */
function buffers(ops: readonly Op[], first: Op, fourth: Op): Pair[] {
  const own = new Map<number, Op>();
  for (const o of ops) {
    if (o.nr >= fourth.nr) break;
    if (o.actor === fourth.actor && o.written !== null && o.addr !== fourth.addr) own.set(o.addr, o);
  }
  return ops.flatMap((second): Pair[] => {
    if (second.nr <= first.nr || second.actor !== first.actor || second.read === null) return [];
    if (second.written !== null) return [];
    const third = own.get(second.addr);
    if (third === undefined || second.from >= third.nr) return [];
    const writer = { nr: second.nr, kind: FENCE.mb };
    const reader = { nr: fourth.nr, kind: FENCE.mb };
    return [{ shape: 'buffers', first, second, third, fourth, writer, reader }];
  });
}
