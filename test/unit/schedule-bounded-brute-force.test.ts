// SPDX-License-Identifier: GPL-2.0-only
/** bounded(k) takes exactly the schedules with at most k preemptions, each once. */
import { expect, it } from 'vitest';
import { BoundedScheduler } from '#src/schedule/bounded.js';
import { allSchedules, executionsOf } from '../support/schedule/brute_force.js';
import type { Program } from '../support/schedule/program.js';
import { randomProgram } from '../support/schedule/random_program.js';
import { transitionProgram } from '../support/schedule/transition_program.js';

const schedules = (found: { schedule: string }[]): string[] => found.map((one) => one.schedule).sort();

function compare(program: Program, bound: number, schedulesOf = allSchedules(program)): number {
  const all = schedulesOf.filter((one) => one.preemptions <= bound);
  const found = executionsOf(program, new BoundedScheduler({ bound }));
  expect(schedules(found)).toEqual(schedules(all));
  return found.length;
}

it.each([0, 1, 2, 3, Number.POSITIVE_INFINITY])('does so with bound %d on programs of all kinds', (bound) => {
  for (let seed = 0; seed < 40; seed++) {
    compare(randomProgram(seed, { actors: 3, operations: 3, words: 2, sleeps: true }), bound);
  }
});

it('takes few of many for a small bound', () => {
  const program = transitionProgram(1, 1);
  const all = allSchedules(program);
  const sizes = [0, 1, 2, Number.POSITIVE_INFINITY].map((bound) => compare(program, bound, all));
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(sizes[2] as number).toBeLessThan((sizes[3] as number) / 5);
});
