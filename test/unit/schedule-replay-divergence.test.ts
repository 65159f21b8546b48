// SPDX-License-Identifier: GPL-2.0-only
/** replay of a record that does not fit: it goes on as far as it can and says where it left the record. */
import { expect, it } from 'vitest';
import { ReplayScheduler, type Segment } from '#src/schedule/replay.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { type Actor, read, relax, until, work, write } from '../support/schedule/program.js';

function* busy(): Actor {
  for (let i = 0; i < 3; i++) yield work();
}
function* waiter(): Actor {
  yield until([0], (now) => now(0) === 1);
}
function* setter(): Actor {
  yield work();
  yield write(0, 1);
}

function run(actors: (() => Actor)[], segments: Segment[], choices: number[] = [], alternatives = 1) {
  const replay = new ReplayScheduler(segments, choices);
  const made: number[] = [];
  const options = { alternatives, observe: (actor: number) => made.push(actor) };
  expect(new Interpreter({ words: [0], actors }, options).run(replay)?.left).toBe(0);
  return { order: made.join(''), divergedAt: replay.divergedAt };
}

it('goes on without preemption after the record: the same actor, else the lowest', () => {
  expect(run([busy, busy, busy], [{ actor: 1, points: 1 }])).toEqual({ order: '111000222', divergedAt: -1 });
});

it('leaves out a segment of an actor that cannot run', () => {
  const segments = [
    { actor: 1, points: 1 },
    { actor: 0, points: 1 },
    { actor: 2, points: 2 },
    { actor: 1, points: 1 },
  ];
  expect(run([waiter, setter, busy], segments)).toEqual({ order: '122102', divergedAt: 1 });
});

it('leaves the rest of a segment of an actor that ends', () => {
  const segments = [
    { actor: 0, points: 9 },
    { actor: 2, points: 1 },
  ];
  expect(run([busy, busy, busy], segments)).toEqual({ order: '000222111', divergedAt: 3 });
});

it('does not let a spinning actor look for ever after the record', () => {
  function* spinner(): Actor {
    while ((yield read(0)) === 0) yield relax();
  }
  expect(run([spinner, setter], [{ actor: 0, points: 2 }])).toEqual({ order: '00110', divergedAt: -1 });
});

it('takes the newest store where the recorded one is not offered', () => {
  function* reader(): Actor {
    yield read(0);
    yield write(0, yield read(0));
  }
  expect(run([reader], [], [1, 7], 3).divergedAt).toBe(0);
  expect(run([reader], [], [1, 2], 3).divergedAt).toBe(-1);
});
