// SPDX-License-Identifier: GPL-2.0-only
/** An actor waits in vain once it has looked at all its words since the last change, not before. */
import { expect, it } from 'vitest';
import { Turns } from '#src/engine/fibers/turns.js';

function turnsOf(...steps: ((t: Turns) => void)[]): Turns {
  const turns = new Turns();
  turns.reset();
  for (const step of steps) step(turns);
  return turns;
}
const over = (changes: number) => (t: Turns) => t.over(0, changes, true);
const resumed = (changes: number) => (t: Turns) => t.resumed(0, changes);

it('waits in vain after a whole turn without a change', () => {
  expect(turnsOf(over(7), resumed(7), over(7)).vain).toBe(1);
});

it('takes a turn that began after the changes of others for a whole one', () => {
  expect(turnsOf(over(7), resumed(9), over(9)).vain).toBe(1);
});

it('looks again if a change came in the middle of its turn, while it was left there', () => {
  const stays = (t: Turns) => t.stays(0);
  expect(turnsOf(over(7), stays, resumed(8), over(8)).vain).toBe(0);
  expect(turnsOf(over(7), resumed(7), resumed(8), over(8)).vain).toBe(0);
});

it('never waits in vain in its first turn', () => {
  expect(turnsOf(resumed(0), over(0)).vain).toBe(0);
});

it('looks again after a change', () => {
  const turns = turnsOf(over(7), resumed(7), over(7));
  turns.lookAgain(7);
  expect(turns.vain).toBe(1);
  turns.lookAgain(8);
  expect(turns.vain).toBe(0);
});

it('never waits in vain where what it reads may be old', () => {
  expect(turnsOf(over(7), resumed(7), (t) => t.over(0, 7, false)).vain).toBe(0);
});
