// SPDX-License-Identifier: GPL-2.0-only
/** round-robin(n) is fair: n operations each, in turn, and less for one who blocks or spins. */
import { expect, it } from 'vitest';
import { RoundRobinScheduler } from '#src/schedule/round_robin.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, work, write } from '../support/schedule/program.js';

function* busy(n: number): Actor {
  for (let i = 0; i < n; i++) yield work();
}

function order(actors: (() => Actor)[], slice: number): string {
  const made: number[] = [];
  const interpreter = new Interpreter({ words: [0], actors }, { observe: (actor) => made.push(actor) });
  expect(interpreter.run(new RoundRobinScheduler(slice))?.left).toBe(0);
  return made.join('');
}

it('gives everybody the same number of operations', () => {
  expect(order([() => busy(5), () => busy(2), () => busy(5)], 2)).toBe('001122002202');
});

it('passes the turn of one who spins', () => {
  function* waiter(): Actor {
    while ((yield read(0)) === 0) yield relax();
  }
  function* setter(): Actor {
    yield* busy(4);
    yield write(0, 1);
  }
  expect(order([waiter, setter], 3)).toBe('0111' + '0' + '11' + '0');
});
