// SPDX-License-Identifier: GPL-2.0-only
/** Programs of accesses for the data race detector, written by hand or drawn. */
import { DataRaceDetector } from '#src/oracle/data_race.js';
import { FENCE, ORDER } from '#src/trace/memory_order.js';

export type Kind = 'load' | 'store' | 'rmw';
export interface Access {
  readonly actor: number;
  readonly kind: Kind;
  readonly order: keyof typeof ORDER;
  readonly word: number;
}
export type Op =
  | Access
  | { readonly actor: number; readonly kind: 'fence'; readonly fence: keyof typeof FENCE }
  | { readonly actor: number; readonly kind: 'wake'; readonly word: number }
  | { readonly actor: number; readonly kind: 'woken'; readonly word: number };

/** One actor's operations in the order of the program. */
export function actor(n: number) {
  const access = (kind: Kind) => (word: number, order: keyof typeof ORDER) =>
    ({ actor: n, kind, order, word }) as Op;
  return {
    load: access('load'),
    store: access('store'),
    rmw: access('rmw'),
    fence: (fence: keyof typeof FENCE): Op => ({ actor: n, kind: 'fence', fence }),
    wake: (word: number): Op => ({ actor: n, kind: 'wake', word }),
    woken: (word: number): Op => ({ actor: n, kind: 'woken', word }),
  };
}

const WORDS = 64;

export function detector(): DataRaceDetector {
  return new DataRaceDetector(WORDS, {
    site: (site) => ({ fn: `fn${site}`, place: `file.ts:${site}` }),
    word: (addr) => `word ${addr}`,
  });
}

/** Runs the operations in this order; the site of each is its index + 1. */
export function run(d: DataRaceDetector, ops: readonly Op[], actors: number): void {
  d.reset(actors);
  for (const [i, op] of ops.entries()) {
    if (op.kind === 'fence') d.fence(op.actor, FENCE[op.fence]);
    else if (op.kind === 'wake') d.futexWake(op.actor, op.word);
    else if (op.kind === 'woken') d.futexWoken(op.actor, op.word);
    else d.access(op.actor, ORDER[op.order], op.kind !== 'store', op.kind !== 'load', op.word, i + 1);
  }
}
