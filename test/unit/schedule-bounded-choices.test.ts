// SPDX-License-Identifier: GPL-2.0-only
/** A depth-first search tries every answer of `choose`, beside every order. */
import { expect, it } from 'vitest';
import { BoundedScheduler } from '#src/schedule/bounded.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, write } from '../support/schedule/program.js';

/** Writes what it read, which is 0 to 2 more than what the word holds. */
function* reader(to: number): Actor {
  yield write(to, yield read(0));
}

it.each([false, true])('tries all pairs of answers (sleep sets: %s)', (sleepSets) => {
  const program = { words: [0, 0, 0], actors: [() => reader(1), () => reader(2)] };
  const interpreter = new Interpreter(program, { alternatives: 3 });
  const scheduler = new BoundedScheduler({ bound: Number.POSITIVE_INFINITY, sleepSets });
  const seen = new Set<string>();
  let executions = 0;
  for (let end = interpreter.run(scheduler); end !== null; end = interpreter.run(scheduler)) {
    seen.add(end.words.join());
    executions++;
  }
  expect(seen.size).toBe(9);
  /* Six orders of two times two operations. */
  if (!sleepSets) expect(executions).toBe(6 * 9);
});
