// SPDX-License-Identifier: GPL-2.0-only
/** A depth-first search comes to an end on loops around cpu_relax: actors that spin do not keep each other going. */
import { expect, it } from 'vitest';
import { BoundedScheduler } from '#src/schedule/bounded.js';
import { executionsOf } from '../support/schedule/brute_force.js';
import { spinningPrograms } from '../support/schedule/spinning_programs.js';

const searches = [
  { bound: 2 },
  { bound: Number.POSITIVE_INFINITY },
  { bound: Number.POSITIVE_INFINITY, sleepSets: true },
];

it.each(searches)('%o', (options) => {
  for (const { program, finals } of spinningPrograms) {
    const found = executionsOf(program, new BoundedScheduler(options), 5000);
    expect([...new Set(found.map((one) => one.final))].sort()).toEqual(finals);
  }
});
