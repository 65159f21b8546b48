// SPDX-License-Identifier: GPL-2.0-only
/** pester keeps an actor from its word on every visit, with the probability that it promises, and lets it go in time. */
import { expect, it } from 'vitest';
import { PESTER_RATES, PesterScheduler } from '#src/schedule/pester.js';
import type { Scheduler } from '#src/schedule/scheduler.js';
import { LONGEST, StallScheduler } from '#src/schedule/stall.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, work, write } from '../support/schedule/program.js';

const EXECUTIONS = 3_000;
const ATTEMPTS = 4;
const WRITES = 60;

/** Word 0: it changes now and then. Word 1: the bug. Word 2: it has changed once. */
function walk(gap: number) {
  return {
    words: [0, 0, 0],
    actors: [
      function* writer(): Actor {
        for (let i = 1; i <= WRITES; i++) {
          yield write(0, i);
          if (i === 1) yield write(2, 1);
          for (let g = 0; g < gap; g++) yield work();
        }
      },
      /* Begins anew when the word has changed between two looks. */
      function* walker(): Actor {
        while ((yield read(2)) === 0) yield relax();
        for (let i = 0; i < ATTEMPTS; i++) {
          const before = yield read(0);
          const after = yield read(0);
          if (before === after) return;
        }
        yield write(1, 1);
      },
    ],
  };
}

function hits(scheduler: Scheduler): number {
  const interpreter = new Interpreter(walk(20));
  let n = 0;
  for (let i = 0; i < EXECUTIONS; i++) if (interpreter.run(scheduler)?.words[1] === 1) n++;
  return n;
}

it('sends a walk back to its beginning each time, as often as promised', () => {
  const rate = PESTER_RATES.reduce((sum, r) => sum + r, 0) / PESTER_RATES.length;
  /* Six in seven wait for so few accesses (k below 7) that the writer makes enough of them in time. */
  const promised = EXECUTIONS * rate * (6 / 7);
  expect(hits(new PesterScheduler(1))).toBeGreaterThan(promised - 3 * Math.sqrt(promised));
  expect(hits(new StallScheduler(1))).toBe(0);
});

it('lets an actor go on in time, if the access that it waits for never comes', () => {
  let own = 0;
  let longest = 0;
  let at = 0;
  const observe = (actor: number) => {
    at++;
    if (actor !== 1) return;
    longest = Math.max(longest, at - own);
    own = at;
  };
  const interpreter = new Interpreter(walk(6_000), { bound: 6_000, observe });
  const scheduler = new PesterScheduler(3);
  for (let i = 0; i < 500; i++) {
    own = 0;
    at = 0;
    interpreter.run(scheduler);
  }
  expect(longest).toBeGreaterThan(LONGEST[1]);
  /* Beside the stall itself nine turns of the other, of 50 operations each, may come in between by chance. */
  expect(longest).toBeLessThan(LONGEST[1] + 600);
});

it('is the same from the same seed', () => {
  const order = (seed: number): string => {
    const made: number[] = [];
    new Interpreter(walk(20), { observe: (actor) => made.push(actor) }).run(new PesterScheduler(seed));
    return made.join('');
  };
  for (let seed = 0; seed < 20; seed++) expect(order(seed)).toBe(order(seed));
});
