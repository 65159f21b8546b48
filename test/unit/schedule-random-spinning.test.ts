// SPDX-License-Identifier: GPL-2.0-only
/** random(p) lets a spinning actor look again only if nobody else can run. */
import { expect, it } from 'vitest';
import { RandomScheduler } from '#src/schedule/random.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, work, write } from '../support/schedule/program.js';

function* waiter(): Actor {
  while ((yield read(0)) === 0) yield relax();
}

function* setter(): Actor {
  for (let i = 0; i < 20; i++) yield work();
  yield write(0, 1);
}

it('never chooses one who looked in vain while another can run', () => {
  let vain = 0;
  for (let seed = 0; seed < 200; seed++) {
    let looked = false;
    const interpreter = new Interpreter(
      { words: [0], actors: [waiter, setter] },
      {
        observe: (actor) => {
          if (actor === 0 && looked) vain++;
          looked = actor === 0;
        },
      },
    );
    expect(interpreter.run(new RandomScheduler(seed, 0.5))?.left).toBe(0);
  }
  expect(vain).toBe(0);
});

it('lets them take turns if all of them spin', () => {
  const made = [0, 0, 0];
  const interpreter = new Interpreter(
    { words: [0], actors: [waiter, waiter, waiter] },
    { bound: 3000, observe: (actor) => made.splice(actor, 1, (made[actor] as number) + 1) },
  );
  interpreter.run(new RandomScheduler(1, 0.02));
  for (const n of made) expect(n).toBeGreaterThan(900);
});
