// SPDX-License-Identifier: GPL-2.0-only
/** dpor comes to an end on loops around cpu_relax, reaches every final state, and makes no execution twice. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { executionsOf } from '../support/schedule/brute_force.js';
import { spinningPrograms } from '../support/schedule/spinning_programs.js';

it.each(spinningPrograms)('$name', ({ program, finals }) => {
  const found = executionsOf(program, new DporScheduler(), 1000);
  expect([...new Set(found.map((one) => one.final))].sort()).toEqual(finals);
  expect(new Set(found.map((one) => one.trace)).size).toBe(found.length);
});
