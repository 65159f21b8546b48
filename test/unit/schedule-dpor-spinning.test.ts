// SPDX-License-Identifier: GPL-2.0-only
/** dpor comes to an end on loops around cpu_relax, and reaches every final state. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { executionsOf } from '../support/schedule/brute_force.js';
import {
  type Actor,
  compareExchange,
  type Program,
  read,
  relax,
  write,
} from '../support/schedule/program.js';

function* waiter(addr: number, to: number): Actor {
  while ((yield read(addr)) === 0) yield relax();
  yield write(to, (yield read(to)) + 1);
}

function* locker(mine: number): Actor {
  while ((yield compareExchange(0, 0, 1)) !== 0) yield relax();
  yield write(1, 2 * (yield read(1)) + mine);
  yield write(0, 0);
}

it('an actor that waits for a flag', () => {
  function* setter(): Actor {
    yield write(2, 5);
    yield write(0, 1);
  }
  const program: Program = { words: [0, 0, 0], actors: [() => waiter(0, 2), setter] };
  expect(new Set(executionsOf(program, new DporScheduler()).map((one) => one.final))).toEqual(
    new Set(['1,0,6/0']),
  );
});

it('a spinlock', () => {
  const program: Program = { words: [0, 0], actors: [() => locker(1), () => locker(2), () => locker(3)] };
  const finals = new Set(executionsOf(program, new DporScheduler()).map((one) => one.final));
  /* 4a + 2b + c for the six orders of 1, 2 and 3. */
  expect([...finals].sort()).toEqual(['0,11/0', '0,12/0', '0,13/0', '0,15/0', '0,16/0', '0,17/0']);
});
