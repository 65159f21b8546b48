// SPDX-License-Identifier: GPL-2.0-only
/** A function in text: its entry words, its body, its end; and every function where the linker says it is. */
import { describe, expect, it } from 'vitest';
import type { Scenario, Step } from '#src/scenario/types.js';
import { link } from '#src/workload/assemble.js';
import { disassemble } from '../support/disassemble.js';
import { call, fn, tinyScenario, work } from '../support/tiny_scenario.js';

const BASE = 1000;

/** The words of each function, by name. */
function bodies(scenario: Scenario): Record<string, string[]> {
  const text = link(scenario, BASE);
  return Object.fromEntries(
    text.functions.map((f) => {
      const at = f.entry - BASE;
      return [f.name, disassemble(text.words.slice(at, at + f.size))];
    }),
  );
}

function bodyOf(...body: Step[]): string[] {
  const scenario = tinyScenario({ functions: [fn('f', body), fn('g')], patches: [] });
  return bodies(scenario).f as string[];
}

describe('the entry of a function', () => {
  it('has a call site with its id if it is traceable', () => {
    const found = bodies(tinyScenario({ functions: [fn('a'), fn('b', [work(3)])], patches: [] }));
    expect(found).toEqual({ a: ['FENTRY', 'RET'], b: ['FENTRY 1', 'WORK 3', 'RET'] });
  });

  it('has none if it is notrace', () => {
    expect(bodies(tinyScenario({ functions: [fn('a', [], false)], patches: [] }))).toEqual({ a: ['RET'] });
  });

  it('reports begin and end, as version 0, if some patch replaces it', () => {
    const found = bodies(
      tinyScenario({
        functions: [fn('a'), fn('b', [work(3)])],
        patches: [{ name: 'p', functions: [{ fn: 'b', body: null }] }],
      }),
    );
    expect(found.b).toEqual(['FENTRY 1', 'ENTER 256', 'WORK 3', 'EXIT 256', 'RET']);
    expect(found.a).toEqual(['FENTRY', 'RET']);
  });
});

describe('the steps of a body', () => {
  it('call the entry of a function, before or after it in text', () => {
    const scenario = tinyScenario({
      functions: [fn('f', [call('g')]), fn('g', [call('h')]), fn('h')],
      patches: [],
    });
    const { functions } = link(scenario, BASE);
    const found = bodies(scenario);
    expect(found.f?.[1]).toBe(`CALL ${functions[1]?.entry}`);
    expect(found.g?.[1]).toBe(`CALL ${functions[2]?.entry}`);
  });

  it('end each sleep and wait with its own word, where the task goes on', () => {
    expect(bodyOf({ op: 'sleep', ms: 5, interruptible: true, chance: 1 })).toEqual([
      'FENTRY',
      'SLEEP 5',
      'SLEEP_END',
      'RET',
    ]);
    expect(bodyOf({ op: 'sleep', ms: 5, interruptible: false, chance: 1 })[1]).toBe('SLEEP_D 5');
    expect(bodyOf({ op: 'wait', channel: 'pipe', chance: 1 })).toEqual(['FENTRY', 'WAIT', 'WAIT_END', 'RET']);
  });

  it('number the channels in the order of their first mention', () => {
    const found = bodyOf(
      { op: 'wake', channel: 'a', chance: 1 },
      { op: 'wait', channel: 'b', chance: 1 },
      { op: 'wake', channel: 'b', chance: 1 },
      { op: 'wake', channel: 'a', chance: 1 },
    );
    expect(found.slice(1, -1)).toEqual(['WAKE', 'WAIT 1', 'WAIT_END 1', 'WAKE 1', 'WAKE']);
  });

  it('name a forked program by its index, and offer the CPU', () => {
    const found = bodyOf({ op: 'fork', program: 'reader', chance: 1 }, { op: 'cond_resched', chance: 1 });
    expect(found).toEqual(['FENTRY', 'FORK', 'COND_RESCHED', 'RET']);
  });
});

describe('the places of functions', () => {
  it('touch, do not overlap, and end before the programs', () => {
    const step: Step[] = [
      work(1, 0.5),
      call('g', 0.1),
      { op: 'sleep', ms: 1, interruptible: true, chance: 0.3 },
    ];
    const scenario = tinyScenario({
      functions: [fn('f', step), fn('g'), fn('h', [call('f')], false)],
      patches: [{ name: 'p', functions: [{ fn: 'f', body: null }] }],
      idleCalls: ['g'],
    });
    const text = link(scenario, BASE);
    let at = (text.functions[0]?.entry ?? 0) as number;
    for (const f of text.functions) {
      expect(f.entry).toBe(at);
      expect(disassemble(text.words.slice(at - BASE + f.size - 1, at - BASE + f.size))).toEqual(['RET']);
      at += f.size;
    }
    expect(text.programs[0]?.entry).toBe(at);
  });
});
