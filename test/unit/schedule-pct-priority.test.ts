// SPDX-License-Identifier: GPL-2.0-only
/** pct(d) runs the highest priority: a woken actor takes over at once, a spinning one gives way to all. */
import { expect, it } from 'vitest';
import { PctScheduler } from '#src/schedule/pct.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, until, work, write } from '../support/schedule/program.js';

const SEEDS = 50;

function order(actors: (() => Actor)[], seed: number): string {
  const made: number[] = [];
  const interpreter = new Interpreter({ words: [0], actors }, { observe: (actor) => made.push(actor) });
  expect(interpreter.run(new PctScheduler(seed, 1, 20))?.left).toBe(0);
  return made.join('');
}

it('lets an actor that was enabled take over, if it is higher', () => {
  function* sleeper(): Actor {
    yield until([0], (now) => now(0) === 1);
    yield work();
  }
  function* waker(): Actor {
    yield work();
    yield write(0, 1);
    yield work();
    yield work();
  }
  const seen = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) seen.add(order([sleeper, waker], seed));
  expect([...seen].sort()).toEqual(['110011', '111100']);
});

it('lets an actor that spins fall below all others', () => {
  function* waiter(): Actor {
    while ((yield read(0)) === 0) yield relax();
  }
  function* setter(): Actor {
    for (let i = 0; i < 5; i++) yield work();
    yield write(0, 1);
  }
  const seen = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) seen.add(order([waiter, setter], seed));
  expect([...seen].sort()).toEqual(['01111110', '1111110']);
});
