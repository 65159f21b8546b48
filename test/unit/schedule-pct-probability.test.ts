// SPDX-License-Identifier: GPL-2.0-only
/** pct(d) finds a bug of depth d with the probability that its paper promises. */
import { expect, it } from 'vitest';
import { PctScheduler } from '#src/schedule/pct.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, type Program, read, work, write } from '../support/schedule/program.js';

/**
 * A bug that needs `depth` ordering constraints: the word has to count to `depth`, and two actors have to count in
 * turn; between, they do work that does not matter. Operations: about 2 * length.
 */
function counting(depth: number, length: number): Program {
  function* actor(parity: number): Actor {
    let expected = parity;
    for (let i = 0; i < length; i += 2) {
      if ((yield read(0)) === expected && expected < depth) {
        yield write(0, expected + 1);
        expected += 2;
      } else {
        yield work();
      }
    }
  }
  return { words: [0], actors: [() => actor(0), () => actor(1)] };
}

const LENGTH = 12;
const STEPS = 2 * LENGTH;

function hits(searchDepth: number, bugDepth: number, executions: number): number {
  const interpreter = new Interpreter(counting(bugDepth, LENGTH));
  const scheduler = new PctScheduler(3, searchDepth, STEPS);
  let n = 0;
  for (let i = 0; i < executions; i++) if (interpreter.run(scheduler)?.words[0] === bugDepth) n++;
  return n;
}

it.each([
  [2, 4_000],
  [3, 40_000],
])('finds a bug of depth %d', (depth, executions) => {
  const promised = executions / (2 * STEPS ** (depth - 1));
  /* The promise is a lower bound; three deviations below it would be a lie. */
  expect(hits(depth, depth, executions)).toBeGreaterThan(promised - 3 * Math.sqrt(promised));
});

it('does not find it with too few change points', () => {
  /* Without one each actor runs to its end: actor 0 counts once, actor 1 once. */
  expect(hits(1, 3, 1_000)).toBe(0);
  expect(hits(2, 4, 4_000)).toBe(0);
});
