// SPDX-License-Identifier: GPL-2.0-only
/** dpor makes one execution of every trace that brute force finds, and none in vain. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { allSchedules, executionsOf } from '../support/schedule/brute_force.js';
import { type ProgramSize, randomProgram } from '../support/schedule/random_program.js';

const shapes: [string, ProgramSize, number][] = [
  ['two actors', { actors: 2, operations: 5, words: 2 }, 150],
  ['three actors', { actors: 3, operations: 3, words: 3 }, 150],
  ['four actors', { actors: 4, operations: 2, words: 2 }, 100],
  ['actors that sleep and wake each other', { actors: 3, operations: 3, words: 2, sleeps: true }, 150],
];

it.each(shapes)('%s', (_name, size, programs) => {
  let left = 0;
  for (let seed = 0; seed < programs; seed++) {
    const program = randomProgram(seed, size);
    const all = allSchedules(program);
    const scheduler = new DporScheduler();
    const found = executionsOf(program, scheduler, all.length);
    const traces = [...new Set(all.map((one) => one.trace))].sort();
    expect(found.map((one) => one.trace).sort(), `seed ${seed}`).toEqual(traces);
    expect(new Set(found.map((one) => one.final))).toEqual(new Set(all.map((one) => one.final)));
    expect(scheduler.cutOff).toBe(0);
    left += all.length - found.length;
  }
  expect(left).toBeGreaterThan(1000);
});
