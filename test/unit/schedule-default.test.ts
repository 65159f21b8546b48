// SPDX-License-Identifier: GPL-2.0-only
/** The default of a campaign: stall in every other execution, between them random(1/50) and PCT of depth 2 to 6. */
import { expect, it } from 'vitest';
import { defaultSchedule, parseScheduler } from '#src/schedule/index.js';
import type { Scheduler } from '#src/schedule/scheduler.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { transitionProgram } from '../support/schedule/transition_program.js';

function order(scheduler: Scheduler): string {
  const made: number[] = [];
  new Interpreter(transitionProgram(3, 4), { observe: (actor) => made.push(actor) }).run(scheduler);
  return made.join('');
}

it('takes turns', () => {
  const names = Array.from({ length: 24 }, (_, execution) => defaultSchedule(execution, 1, 100).name);
  const random = 'random(1/50)';
  expect(names.filter((_, i) => i % 2 === 1)).toEqual(Array.from({ length: 12 }, () => 'stall'));
  expect(names.filter((_, i) => i % 2 === 0)).toEqual([
    ...[random, 'pct(2)', random, 'pct(3)', random, 'pct(4)', random, 'pct(5)', random, 'pct(6)'],
    ...[random, 'pct(2)'],
  ]);
});

it('gives an execution that can be made again on its own, and differs from the others', () => {
  const orders = Array.from({ length: 40 }, (_, execution) => order(defaultSchedule(execution, 1, 120)));
  expect(order(defaultSchedule(17, 1, 120))).toBe(orders[17]);
  expect(order(defaultSchedule(17, 2, 120))).not.toBe(orders[17]);
  expect(new Set(orders).size).toBeGreaterThan(30);
});

it('is what the name mix stands for', () => {
  const of = { execution: 5, seed: 9, steps: 120 };
  expect(order(parseScheduler('mix').create(of))).toBe(order(defaultSchedule(5, 9, 120)));
});
