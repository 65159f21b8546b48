// SPDX-License-Identifier: GPL-2.0-only
/** dpor finds the executions in which an await was made while its condition held, though it does not hold later. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { executionsOf } from '../support/schedule/brute_force.js';
import { type Actor, type Program, until, write } from '../support/schedule/program.js';

function* sets(...writes: [addr: number, value: number][]): Actor {
  for (const [addr, value] of writes) yield write(addr, value);
}

function* waits(words: number[], holds: (now: (addr: number) => number) => boolean): Actor {
  yield until(words, holds);
}

const isOne = (now: (addr: number) => number): boolean => now(0) === 1;
const areZero = (now: (addr: number) => number): boolean => now(0) === 0 && now(1) === 0;

const finals = (program: Program): string[] =>
  executionsOf(program, new DporScheduler())
    .map((one) => one.final)
    .sort();

it('between a write that makes it hold and one that does not', () => {
  const program: Program = {
    words: [0],
    actors: [() => sets([0, 1], [0, 2]), () => waits([0], isOne)],
  };
  /* Once it ends, once it waits for good: actor 1 is left. */
  expect(finals(program)).toEqual(['2/0', '2/2']);
});

it('before a write in between, if it holds again at the end', () => {
  const program: Program = {
    words: [0],
    actors: [() => sets([0, 1], [0, 2], [0, 1], [0, 2], [0, 1]), () => waits([0], isOne)],
  };
  expect(finals(program)).toEqual(['1/0', '1/0', '1/0']);
});

it('before two writes of different actors, each of which ends it', () => {
  const program: Program = {
    words: [0, 0],
    actors: [() => sets([0, 1]), () => sets([1, 1]), () => waits([0, 1], areZero)],
  };
  expect(finals(program)).toEqual(['1,1/0', '1,1/4']);
});

it('never, if it never holds: the deadlock is one execution', () => {
  const program: Program = { words: [0], actors: [() => sets([0, 2], [0, 3]), () => waits([0], isOne)] };
  expect(finals(program)).toEqual(['3/2']);
});
