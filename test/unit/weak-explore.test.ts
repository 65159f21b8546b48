// SPDX-License-Identifier: GPL-2.0-only
/** The explorer finds every final state, each state of the machine once, and says when its budget was too small. */
import { expect, it } from 'vitest';
import { explore } from '#src/engine/fibers/weak/explore.js';
import { ScModel } from '#src/engine/fibers/weak/sc.js';
import { TsoModel } from '#src/engine/fibers/weak/tso.js';
import { Shape } from '../support/memory/shape.js';

it('finds the three final states of two threads that count without care, and of none else', () => {
  const { outcomes, complete, stuck } = explore(new ScModel(), new Shape('R r x; W x 1 || R s x; W x 2'));
  expect([...outcomes.keys()].sort()).toEqual(['r=0 s=0 x=1', 'r=0 s=0 x=2', 'r=0 s=1 x=2', 'r=2 s=0 x=1']);
  expect([complete, stuck]).toEqual([true, 0]);
});

it('leaves a known state: paths that meet are walked on once', () => {
  /* 8 independent steps: 70 interleavings, 25 states. */
  const { executions, states } = explore(
    new ScModel(),
    new Shape('W a 1; W b 1; W c 1; W d 1 || W e 1; W f 1; W g 1; W h 1'),
  );
  expect(states).toBe(24);
  expect(executions).toBeLessThan(24);
});

it('takes the steps of the model itself', () => {
  const sb = 'W x 1; R r y || W y 1; R s x';
  expect([...explore(new TsoModel(), new Shape(sb)).outcomes.keys()]).toContain('r=0 s=0 x=1 y=1');
  expect([...explore(new ScModel(), new Shape(sb)).outcomes.keys()]).not.toContain('r=0 s=0 x=1 y=1');
});

it('counts executions that end blocked', () => {
  const { outcomes, stuck } = explore(new ScModel(), new Shape('lock l; lock l || W x 1'));
  expect([outcomes.size, stuck > 0]).toEqual([0, true]);
});

it('says that it has not seen all', () => {
  expect(explore(new ScModel(), new Shape('W x 1; W y 1 || R r x; R s y'), 2).complete).toBe(false);
});
