// SPDX-License-Identifier: GPL-2.0-only
/** The stack has room for the deepest chain of calls that any mix of old and new versions can make. */
import { describe, expect, it } from 'vitest';
import type { FunctionSpec, PatchSpec } from '#src/scenario/types.js';
import { link } from '#src/workload/assemble.js';
import { call, fn, tinyScenario } from '../support/tiny_scenario.js';

/** Words that every stack has beside one for each frame. */
const SPARE = 4;

function depth(functions: FunctionSpec[], patches: PatchSpec[] = []): number {
  return link(tinyScenario({ functions, patches, programs: [] }), 0).stackWords - SPARE;
}

describe('the depth', () => {
  it('counts the frames of a chain', () => {
    expect(depth([fn('f')])).toBe(1);
    expect(depth([fn('f', [call('g')]), fn('g', [call('h')]), fn('h')])).toBe(3);
  });

  it('is that of the deepest branch, however unlikely', () => {
    const functions = [fn('f', [call('g'), call('h', 0.001)]), fn('g'), fn('h', [call('i')]), fn('i')];
    expect(depth(functions)).toBe(3);
  });

  it('counts calls that only a new version makes', () => {
    const patches = [{ name: 'p', functions: [{ fn: 'g', body: [call('h')] }] }];
    expect(depth([fn('f', [call('g')]), fn('g'), fn('h')], patches)).toBe(3);
  });

  it('counts calls that only the old version makes', () => {
    const patches = [{ name: 'p', functions: [{ fn: 'g', body: [] }] }];
    expect(depth([fn('f', [call('g')]), fn('g', [call('h')]), fn('h')], patches)).toBe(3);
  });

  it('does not walk a shared part of the graph twice: a ladder of 60 diamonds ends', () => {
    const functions = Array.from({ length: 60 }, (_, i) =>
      fn(`f${i}`, [call(`f${i + 1}`), call(`f${i + 1}`)]),
    );
    expect(depth([...functions, fn('f60')])).toBe(61);
  });
});
