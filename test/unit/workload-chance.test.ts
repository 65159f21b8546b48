// SPDX-License-Identifier: GPL-2.0-only
/** A conditional step stands behind a word that skips all of it, and nothing else, unless a draw of 16 bits is small. */
import { describe, expect, it } from 'vitest';
import type { Step } from '#src/scenario/types.js';
import { link } from '#src/workload/assemble.js';
import { decode, disassemble } from '../support/disassemble.js';
import { call, fn, tinyScenario, work } from '../support/tiny_scenario.js';

/** Words of function f with this body, without its entry and its end. */
function wordsOf(...body: Step[]): number[] {
  const text = link(tinyScenario({ functions: [fn('f', body), fn('g')], patches: [] }), 0);
  const f = text.functions[0];
  if (f === undefined) throw new Error('no function');
  return text.words.slice(f.entry + 1, f.entry + f.size - 1);
}

function chanceOf(word: number | undefined): { threshold: number; skip: number } {
  const { op, operand } = decode(word ?? 0);
  expect(op).toBe('CHANCE');
  return { threshold: operand >>> 8, skip: operand & 0xff };
}

describe('a conditional step', () => {
  it.each<[string, Step, number]>([
    ['work', work(3, 0.5), 1],
    ['call', call('g', 0.5), 1],
    ['cond_resched', { op: 'cond_resched', chance: 0.5 }, 1],
    ['sleep', { op: 'sleep', ms: 2, interruptible: true, chance: 0.5 }, 2],
    ['wait', { op: 'wait', channel: 'c', chance: 0.5 }, 2],
  ])('%s: the skip lands on the next step', (_, step, words) => {
    const found = wordsOf(step, work(7));
    expect(chanceOf(found[0]).skip).toBe(words);
    expect(disassemble(found.slice(1 + words))).toEqual(['WORK 7']);
  });

  it('has no such word if it is certain', () => {
    expect(disassemble(wordsOf(work(3, 1)))).toEqual(['WORK 3']);
  });
});

describe('the threshold', () => {
  it.each([
    [0.5, 0x8000],
    [0.25, 0x4000],
    [0.00002, 1],
    [0.999999, 0xffff],
  ])('of chance %f', (chance, threshold) => {
    expect(chanceOf(wordsOf(work(1, chance))[0]).threshold).toBe(threshold);
  });
});
