// SPDX-License-Identifier: GPL-2.0-only
/** Programs that wait in loops around cpu_relax, and the words at their ends. */
import { type Actor, compareExchange, type Program, read, relax, write } from './program.js';

interface Spinning {
  readonly name: string;
  readonly program: Program;
  /** As `Found.final`. */
  readonly finals: readonly string[];
}

function* waiter(): Actor {
  while ((yield read(0)) === 0) yield relax();
  yield write(1, (yield read(1)) + 1);
}

function* setter(): Actor {
  yield write(1, 5);
  yield write(0, 1);
}

function* locker(mine: number): Actor {
  while ((yield compareExchange(0, 0, 1)) !== 0) yield relax();
  yield write(1, 2 * (yield read(1)) + mine);
  yield write(0, 0);
}

export const spinningPrograms: readonly Spinning[] = [
  { name: 'a flag', program: { words: [0, 0], actors: [waiter, setter] }, finals: ['1,6/0'] },
  {
    name: 'a spinlock of three',
    program: { words: [0, 0], actors: [1, 2, 3].map((mine) => () => locker(mine)) },
    /* 4a + 2b + c for the six orders of 1, 2 and 3. */
    finals: ['0,11/0', '0,12/0', '0,13/0', '0,15/0', '0,16/0', '0,17/0'],
  },
];
