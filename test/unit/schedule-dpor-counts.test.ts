// SPDX-License-Identifier: GPL-2.0-only
/** dpor makes exactly as many executions as there are inequivalent ones, by the count of independent model checkers. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, type Program, read, write } from '../support/schedule/program.js';
import { transitionProgram } from '../support/schedule/transition_program.js';

function count(program: Program): number {
  const interpreter = new Interpreter(program);
  const scheduler = new DporScheduler();
  let executions = 0;
  for (let end = interpreter.run(scheduler); end !== null; end = interpreter.run(scheduler)) {
    if (end.complete && end.left === 0) executions++;
  }
  expect(scheduler.cutOff).toBe(0);
  return executions;
}

it('message passing: 2', () => {
  function* writer(): Actor {
    yield write(0, 1);
    yield write(1, 1);
  }
  function* reader(): Actor {
    if ((yield read(1)) === 1) yield read(0);
  }
  expect(count({ words: [0, 0], actors: [writer, reader] })).toBe(2);
});

it('store buffering: 3', () => {
  function* actor(mine: number): Actor {
    yield write(mine, 1);
    yield read(1 - mine);
  }
  expect(count({ words: [0, 0], actors: [() => actor(0), () => actor(1)] })).toBe(3);
});

it.each([
  [1, 1, 6],
  [1, 2, 21],
  [1, 3, 62],
  [1, 4, 155],
  [2, 1, 36],
  [2, 2, 441],
  [2, 3, 3844],
  [3, 1, 216],
  [3, 2, 9261],
])('a transition of %d tasks in %d rounds: %d', (tasks, rounds, executions) => {
  expect(count(transitionProgram(tasks, rounds))).toBe(executions);
});
