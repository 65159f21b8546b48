// SPDX-License-Identifier: GPL-2.0-only
/** random(p) switches before each operation with probability p, and is asked only where it switches. */
import { expect, it } from 'vitest';
import { RandomScheduler } from '#src/schedule/random.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, work } from '../support/schedule/program.js';

function* endless(): Actor {
  for (;;) yield work();
}

const STEPS = 20_000;

function run(p: number, actors: number) {
  let switches = 0;
  const made = new Array<number>(actors).fill(0);
  let last = -1;
  const interpreter = new Interpreter(
    { words: [0], actors: new Array(actors).fill(endless) },
    {
      bound: STEPS,
      observe: (actor) => {
        if (last >= 0 && actor !== last) switches++;
        last = actor;
        made[actor] = (made[actor] as number) + 1;
      },
    },
  );
  const outcome = interpreter.run(new RandomScheduler(1, p));
  return { switches, made, questions: outcome?.questions };
}

it.each([0.5, 0.1, 0.02])('switches with probability %d', (p) => {
  const { switches, questions } = run(p, 3);
  const deviation = Math.sqrt(STEPS * p * (1 - p));
  expect(Math.abs(switches - STEPS * p)).toBeLessThan(4 * deviation);
  /* One question at the start, the others are switches. */
  expect(questions).toBe(switches + 1);
});

it('chooses all others with equal probability', () => {
  const { made } = run(0.5, 4);
  for (const n of made) expect(Math.abs(n - STEPS / 4)).toBeLessThan(STEPS / 40);
});

it('draws another schedule for each execution, and the same again from the same seed', () => {
  const orders = (seed: number): string[] => {
    const scheduler = new RandomScheduler(seed, 0.3);
    return [0, 1].map(() => {
      const order: number[] = [];
      const options = { bound: 50, observe: (actor: number) => order.push(actor) };
      new Interpreter({ words: [0], actors: [endless, endless] }, options).run(scheduler);
      return order.join('');
    });
  };
  const [first, second] = orders(7);
  expect(first).not.toBe(second);
  expect(orders(7)).toEqual([first, second]);
  expect(orders(8)).not.toContain(first);
});
