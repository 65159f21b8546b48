// SPDX-License-Identifier: GPL-2.0-only
/** A small model of a livepatch transition, with known numbers of inequivalent executions. */
import { type Actor, exchange, type Program, read, until, write } from './program.js';

const UNDEF = -1;
const UNPATCHED = 0;
const PATCHED = 1;

/** `tasks` tasks that enter a section `rounds` times each, and a controller that patches them. */
export function transitionProgram(tasks: number, rounds: number): Program {
  const target = 0;
  const transition = 1;
  const state = (i: number) => 2 + i;
  const nest = (i: number) => 2 + tasks + i;
  const pending = (i: number) => 2 + 2 * tasks + i;
  const exited = (i: number) => 2 + 3 * tasks + i;
  const words = Array.from({ length: 2 + 4 * tasks }, (_, addr) =>
    addr === target || (addr >= 2 && addr < 2 + tasks) ? UNDEF : 0,
  );
  function* task(i: number): Actor {
    for (let round = 0; round < rounds; round++) {
      yield write(nest(i), 2 * round + 1);
      if ((yield read(transition)) !== 0 && (yield read(state(i))) === UNDEF) {
        throw new Error(`task ${i} saw an undefined state`);
      }
      yield write(nest(i), 2 * round + 2);
      if ((yield read(pending(i))) !== 0 && (yield exchange(pending(i), 0)) !== 0) {
        yield write(state(i), yield read(target));
      }
    }
    yield write(exited(i), 1);
  }
  function* controller(): Actor {
    yield write(target, PATCHED);
    for (let i = 0; i < tasks; i++) yield write(state(i), UNPATCHED);
    yield write(transition, 1);
    for (let i = 0; i < tasks; i++) yield write(pending(i), 1);
    for (let i = 0; i < tasks; i++) {
      yield until([exited(i), state(i)], (now) => now(exited(i)) !== 0 || now(state(i)) === PATCHED);
    }
    yield write(transition, 0);
    for (let i = 0; i < tasks; i++) {
      const seen = yield read(nest(i));
      if (seen % 2 === 1) yield until([nest(i)], (now) => now(nest(i)) !== seen);
    }
    for (let i = 0; i < tasks; i++) yield write(state(i), UNDEF);
    yield write(target, UNDEF);
  }
  return { words, actors: [...Array.from({ length: tasks }, (_, i) => () => task(i)), controller] };
}
