// SPDX-License-Identifier: GPL-2.0-only
/** Programs for tests of schedulers: generators of operations on an Int32Array, each yielding the value read. */
import { ACCESS } from '#src/schedule/scheduler.js';

export interface Op {
  readonly kind: 'access' | 'await' | 'relax' | 'sleep' | 'wake';
  readonly access: number;
  readonly addr: number;
  readonly more: readonly number[];
  /** New value of the word from the old one. */
  readonly update: (old: number) => number;
  /** For an await. */
  readonly holds: ((read: (addr: number) => number) => boolean) | undefined;
}

export type Actor = Generator<Op, void, number>;

export interface Program {
  readonly words: readonly number[];
  readonly actors: readonly (() => Actor)[];
}

const NO_WORDS: readonly number[] = [];
const keep = (old: number): number => old;
const op = (rest: Partial<Op> & { access: number }): Op => ({
  kind: 'access',
  addr: 0,
  more: NO_WORDS,
  update: keep,
  holds: undefined,
  ...rest,
});

export const work = (): Op => op({ access: ACCESS.none });
export const read = (addr: number): Op => op({ access: ACCESS.read, addr });
export const write = (addr: number, value: number): Op =>
  op({ access: ACCESS.write, addr, update: () => value });
/** Gives the old value. */
export const modify = (addr: number, update: (old: number) => number): Op =>
  op({ access: ACCESS.update, addr, update });
export const exchange = (addr: number, value: number): Op => modify(addr, () => value);
export const compareExchange = (addr: number, expected: number, value: number): Op =>
  modify(addr, (old) => (old === expected ? value : old));
/** Gives the value of the first word. */
export const until = (words: readonly number[], holds: (read: (addr: number) => number) => boolean): Op =>
  op({ kind: 'await', access: ACCESS.read, addr: words[0] as number, more: words.slice(1), holds });
/** cpu_relax: no operation; the actor has looked in vain. */
export const relax = (): Op => op({ kind: 'relax', access: ACCESS.none });
/** futex wait: sleeps if the word holds `value` (then gives 1), until a wake of this word. */
export const sleep = (addr: number, value: number): Op =>
  op({ kind: 'sleep', access: ACCESS.update, addr, update: () => value });
/** futex wake: of all who sleep on the word. */
export const wake = (addr: number): Op => op({ kind: 'wake', access: ACCESS.update, addr });
