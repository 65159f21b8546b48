// SPDX-License-Identifier: GPL-2.0-only
/** Schedulers by name: what is right is understood, nonsense is explained. */
import { describe, expect, it } from 'vitest';
import { parseScheduler, schedulers } from '#src/schedule/index.js';
import { UsageError } from '#src/util/fault.js';

const of = { execution: 3, seed: 1, steps: 100 };

describe('a name', () => {
  it.each([
    ['pct(3)', 'pct(3)'],
    ['pct', 'pct(3)'],
    [' pct( 5 ) ', 'pct(5)'],
    ['random(1/50)', 'random(1/50)'],
    ['random(0.25)', 'random(0.25)'],
    ['random', 'random(1/50)'],
    ['pos', 'pos'],
    ['stall', 'stall'],
    ['round-robin(7)', 'round-robin(7)'],
    ['bounded(0)', 'bounded(0)'],
    ['dfs', 'dfs'],
    ['dpor', 'dpor'],
  ])('%s is %s', (text, name) => {
    const choice = parseScheduler(text);
    expect(choice.name).toBe(name);
    expect(choice.create(of).name).toBe(name);
  });

  it('of each scheduler works without a parameter', () => {
    for (const { name } of schedulers) expect(() => parseScheduler(name).create(of)).not.toThrow();
  });

  it('tells whether one scheduler makes the whole search', () => {
    const exhaustive = schedulers.filter(({ name }) => parseScheduler(name).exhaustive);
    expect(exhaustive.map(({ name }) => name)).toEqual(['bounded', 'dfs', 'dpor']);
  });
});

describe('nonsense', () => {
  it.each([
    ['ptc(3)', 'unknown scheduler "ptc": did you mean "pct"? known: mix, random, pct'],
    ['frobnicate', 'unknown scheduler "frobnicate"; known: mix, random'],
    ['', 'unknown scheduler ""; known: mix'],
    ['constructor', 'unknown scheduler "constructor"; known'],
    ['pct(0)', '"0" is not a depth of the bug, 1 to 20; for example pct(3)'],
    ['pct(x)', '"x" is not a depth'],
    ['pct()', '"" is not a depth'],
    ['random(2)', '"2" is not a probability of a switch, as 1/50; for example random(1/50)'],
    ['random(0)', '"0" is not a probability'],
    ['random(1/0)', '"1/0" is not a probability'],
    ['round-robin(0)', 'operations in a turn'],
    ['bounded(-1)', 'preemptions, 0 to 1000'],
    ['dpor(2)', 'scheduler "dpor" has no parameter: "dpor(2)" should be "dpor"'],
    ['pct(3', 'unknown scheduler "pct(3"; known: mix'],
  ])('%s', (text, told) => {
    expect(() => parseScheduler(text)).toThrow(UsageError);
    expect(() => parseScheduler(text)).toThrow(told);
  });
});
