// SPDX-License-Identifier: GPL-2.0-only
/** dpor reverses a race again in each execution: what comes after it belongs to the reversal. Found by random programs. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { allSchedules, executionsOf } from '../support/schedule/brute_force.js';
import {
  type Actor,
  compareExchange,
  exchange,
  read,
  sleep,
  until,
  write,
} from '../support/schedule/program.js';

function* first(): Actor {
  if ((yield compareExchange(0, 0, 1)) !== 0) yield compareExchange(1, 2, 1);
  yield exchange(0, 2);
}

function* second(): Actor {
  yield sleep(1, 1);
  yield until([0], (now) => now(0) === 0);
}

function* third(): Actor {
  if ((yield read(1)) !== 0) yield write(1, 0);
  yield exchange(1, 1);
}

function* fourth(): Actor {
  if ((yield exchange(1, 1)) !== 0) yield read(0);
  yield sleep(0, 2);
}

it('and so loses no trace', () => {
  const program = { words: [0, 0], actors: [first, second, third, fourth] };
  const traces = new Set(allSchedules(program).map((one) => one.trace));
  const found = executionsOf(program, new DporScheduler(), 1000).map((one) => one.trace);
  expect(traces.size).toBe(81);
  expect(found.sort()).toEqual([...traces].sort());
});
