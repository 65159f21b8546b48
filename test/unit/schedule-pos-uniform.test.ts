// SPDX-License-Identifier: GPL-2.0-only
/** pos takes all orders of pending operations with equal probability, and is not led astray by independent ones. */
import { expect, it } from 'vitest';
import { PosScheduler } from '#src/schedule/pos.js';
import { RandomScheduler } from '#src/schedule/random.js';
import type { Scheduler } from '#src/schedule/scheduler.js';
import { executionsOf } from '../support/schedule/brute_force.js';
import { type Actor, type Program, work, write } from '../support/schedule/program.js';

function sample(program: Program, scheduler: Scheduler, executions: number): Map<string, number> {
  let left = executions;
  const limited: Scheduler = {
    name: scheduler.name,
    needsOperations: scheduler.needsOperations,
    asksOnWake: scheduler.asksOnWake,
    begin: (actors) => left-- > 0 && scheduler.begin(actors),
    next: (view) => scheduler.next(view),
    quantum: () => scheduler.quantum(),
    choose: (n) => scheduler.choose(n),
    executed: (actor, op) => scheduler.executed?.(actor, op),
    end: (end) => scheduler.end(end),
  };
  const counts = new Map<string, number>();
  for (const { schedule } of executionsOf(program, limited)) {
    counts.set(schedule, (counts.get(schedule) ?? 0) + 1);
  }
  return counts;
}

const EXECUTIONS = 6_000;

it.each([
  ['independent', (i: number) => i],
  ['racing', () => 0],
])('takes all six orders of three %s operations equally often', (_kind, word) => {
  const actors = [0, 1, 2].map(
    (i) =>
      function* (): Actor {
        yield write(word(i), i);
      },
  );
  const counts = sample({ words: [0, 0, 0], actors }, new PosScheduler(1), EXECUTIONS);
  expect(counts.size).toBe(6);
  const expected = EXECUTIONS / 6;
  for (const n of counts.values()) expect(Math.abs(n - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

it('finds a late order far more often than a random walk', () => {
  const LENGTH = 12;
  function* early(): Actor {
    yield write(0, 1);
  }
  function* late(): Actor {
    for (let i = 0; i < LENGTH; i++) yield work();
    yield write(0, 2);
  }
  const rare = (scheduler: Scheduler): number => {
    let n = 0;
    for (const [schedule, count] of sample({ words: [0], actors: [early, late] }, scheduler, EXECUTIONS)) {
      if (schedule.endsWith('0')) n += count;
    }
    return n;
  };
  /* The early write is last if its priority is below that of all the others: 1 in LENGTH + 2. */
  const expected = EXECUTIONS / (LENGTH + 2);
  expect(Math.abs(rare(new PosScheduler(1)) - expected)).toBeLessThan(4 * Math.sqrt(expected));
  expect(rare(new RandomScheduler(1, 0.5))).toBeLessThan(expected / 10);
});

it('draws anew for operations that depend on the one that was made', () => {
  /* Of two actors that write three times each to one word, with new draws all of the 20 orders are likely. */
  function* writer(): Actor {
    for (let i = 0; i < 3; i++) yield write(0, i);
  }
  const counts = sample({ words: [0], actors: [writer, writer] }, new PosScheduler(1), EXECUTIONS);
  expect(counts.size).toBe(20);
  /* A fair coin before each operation: 000111 is the most likely, by 1/8, and 010101 has 1/32. */
  const expected = { '0,0,0,1,1,1': EXECUTIONS / 8, '0,1,0,1,0,1': EXECUTIONS / 32 };
  for (const [schedule, n] of Object.entries(expected)) {
    expect(Math.abs((counts.get(schedule) ?? 0) - n)).toBeLessThan(4 * Math.sqrt(n));
  }
});
