// SPDX-License-Identifier: GPL-2.0-only
/** Sleep sets leave out equivalent schedules and keep every trace; a bound does not go with them. */
import { expect, it } from 'vitest';
import { BoundedScheduler } from '#src/schedule/bounded.js';
import { allSchedules, executionsOf } from '../support/schedule/brute_force.js';
import { randomProgram } from '../support/schedule/random_program.js';

const bound = Number.POSITIVE_INFINITY;

it('takes one schedule of each trace', () => {
  let left = 0;
  for (let seed = 0; seed < 60; seed++) {
    const program = randomProgram(seed, { actors: 3, operations: 3, words: 2 });
    const all = allSchedules(program);
    const found = executionsOf(program, new BoundedScheduler({ bound, sleepSets: true }));
    const traces = new Set(all.map((one) => one.trace));
    expect(new Set(found.map((one) => one.trace))).toEqual(traces);
    expect(found).toHaveLength(traces.size);
    left += all.length - found.length;
  }
  expect(left).toBeGreaterThan(500);
});

it('refuses sleep sets under a bound', () => {
  expect(() => new BoundedScheduler({ bound: 2, sleepSets: true })).toThrow('unsound');
});
