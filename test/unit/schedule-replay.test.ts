// SPDX-License-Identifier: GPL-2.0-only
/** replay makes a recorded execution again, with its choices. */
import { expect, it } from 'vitest';
import { RandomScheduler } from '#src/schedule/random.js';
import { ReplayScheduler, type Segment } from '#src/schedule/replay.js';
import type { Scheduler } from '#src/schedule/scheduler.js';
import { Interpreter } from '../support/schedule/interpreter.js';
import { randomProgram } from '../support/schedule/random_program.js';
import { transitionProgram } from '../support/schedule/transition_program.js';

interface Record {
  segments: Segment[];
  choices: number[];
  words: string;
  questions: number;
}

function record(program: Parameters<typeof randomProgram>[0] | null, scheduler: Scheduler): Record {
  const segments: { actor: number; points: number }[] = [];
  const choices: number[] = [];
  const source =
    program === null
      ? transitionProgram(2, 2)
      : randomProgram(program, { actors: 3, operations: 6, words: 2 });
  const interpreter = new Interpreter(source, {
    alternatives: 3,
    observe: (actor) => {
      const last = segments[segments.length - 1];
      if (last?.actor === actor) last.points++;
      else segments.push({ actor, points: 1 });
    },
  });
  const choose = scheduler.choose.bind(scheduler);
  scheduler.choose = (n) => {
    choices.push(choose(n));
    return choices[choices.length - 1] as number;
  };
  const outcome = interpreter.run(scheduler);
  return { segments, choices, words: outcome?.words.join() ?? '', questions: outcome?.questions ?? 0 };
}

it('makes the same execution again', () => {
  for (let seed = 0; seed < 200; seed++) {
    const recorded = record(seed, new RandomScheduler(seed, 0.4));
    const replay = new ReplayScheduler(recorded.segments, recorded.choices);
    const again = record(seed, replay);
    expect(again.segments).toEqual(recorded.segments);
    expect(again.choices).toEqual(recorded.choices);
    expect(again.words).toBe(recorded.words);
    expect(replay.divergedAt).toBe(-1);
  }
});

it('is asked once for each segment', () => {
  const recorded = record(null, new RandomScheduler(3, 0.1));
  const again = record(null, new ReplayScheduler(recorded.segments, recorded.choices));
  expect(again.segments).toEqual(recorded.segments);
  expect(again.questions).toBe(recorded.segments.length);
});
