// SPDX-License-Identifier: GPL-2.0-only
/** stall keeps an actor from a word until others have made conflicting accesses, with the probability that it promises. */
import { expect, it } from 'vitest';
import type { Scheduler } from '#src/schedule/scheduler.js';
import { STALL_RATES, StallScheduler } from '#src/schedule/stall.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, work, write } from '../support/schedule/program.js';

const EXECUTIONS = 20_000;
const LENGTH = 60;
const GAP = 30;

/** Word 0: both know it. Word 1: the bug. Word 2: the writer has read what it is about to write. */
const window = {
  words: [0, 0, 0],
  actors: [
    function* writer(): Actor {
      yield write(0, 1);
      for (let i = 0; i < LENGTH; i++) yield work();
      yield write(2, 1);
      yield write(0, 2);
    },
    /* It begins when the writer is in its window, and takes its time between two looks. */
    function* reader(): Actor {
      while ((yield read(2)) === 0) yield relax();
      const before = yield read(0);
      for (let i = 0; i < GAP; i++) yield work();
      const after = yield read(0);
      if (before === 1 && after === 2) yield write(1, 1);
    },
  ],
};

function hits(scheduler: Scheduler): number {
  const interpreter = new Interpreter(window);
  let n = 0;
  for (let i = 0; i < EXECUTIONS; i++) if (interpreter.run(scheduler)?.words[1] === 1) n++;
  return n;
}

it('brings a write between two reads that are far apart as often as promised', () => {
  const rate = STALL_RATES.reduce((sum, r) => sum + r, 0) / STALL_RATES.length;
  /* Stalled at its second write to the word (of a place that is not known, so n = 2), and let go after one read. */
  const promised = EXECUTIONS * (rate / 2) * 0.25;
  expect(hits(new StallScheduler(1))).toBeGreaterThan(promised - 3 * Math.sqrt(promised));
});

it('is the same from the same seed', () => {
  const order = (seed: number): string => {
    const made: number[] = [];
    new Interpreter(window, { observe: (actor) => made.push(actor) }).run(new StallScheduler(seed));
    return made.join('');
  };
  for (let seed = 0; seed < 20; seed++) expect(order(seed)).toBe(order(seed));
  expect(new Set(Array.from({ length: 40 }, (_, seed) => order(seed))).size).toBeGreaterThan(10);
});

it('lets a stalled actor go when nobody else can get on', () => {
  const interpreter = new Interpreter(window);
  const scheduler = new StallScheduler(7);
  for (let i = 0; i < 2_000; i++) expect(interpreter.run(scheduler)?.left).toBe(0);
});
