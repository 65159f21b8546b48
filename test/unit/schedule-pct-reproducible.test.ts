// SPDX-License-Identifier: GPL-2.0-only
/** An execution under pct(d) is determined by its seed and the estimate of steps. */
import { expect, it } from 'vitest';
import { PctScheduler } from '#src/schedule/pct.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, work } from '../support/schedule/program.js';

function* busy(): Actor {
  for (let i = 0; i < 30; i++) yield work();
}

function order(scheduler: PctScheduler): string {
  const actors: number[] = [];
  const interpreter = new Interpreter(
    { words: [0], actors: [busy, busy, busy] },
    { observe: (actor) => actors.push(actor) },
  );
  interpreter.run(scheduler);
  return actors.join('');
}

it('is the same from the same seed and estimate', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect(order(new PctScheduler(seed, 4, 90))).toBe(order(new PctScheduler(seed, 4, 90)));
  }
});

it('is another from another seed or estimate', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 20; seed++) orders.add(order(new PctScheduler(seed, 4, 90)));
  expect(orders.size).toBeGreaterThan(15);
  expect(order(new PctScheduler(1, 4, 90))).not.toBe(order(new PctScheduler(1, 4, 20)));
});

it('is asked at change points and where an actor ends, no more', () => {
  for (let seed = 0; seed < 20; seed++) {
    const interpreter = new Interpreter({ words: [0], actors: [busy, busy, busy] });
    const questions = interpreter.run(new PctScheduler(seed, 4, 90))?.questions;
    expect(questions).toBeLessThanOrEqual(1 + 2 + 3);
  }
});
