// SPDX-License-Identifier: GPL-2.0-only
/** Weighted choices of entry functions: cumulative limits out of 65536. */
import { describe, expect, it } from 'vitest';
import type { ProgramSpec } from '#src/scenario/types.js';
import { link, type TextTable } from '#src/workload/assemble.js';
import { fn, tinyScenario } from '../support/tiny_scenario.js';

const functions = ['a', 'b', 'c', 'd'].map((name) => fn(name));

function user(weights: Record<string, number>): ProgramSpec {
  const syscalls = Object.entries(weights).map(([name, weight]) => ({ fn: name, weight }));
  return { kind: 'user', name: 'u', tasks: 1, syscalls, userWork: 1, lifetime: 0 };
}

function linked(...programs: ProgramSpec[]) {
  return link(tinyScenario({ functions, patches: [], programs }), 100);
}

function shares(table: TextTable | undefined): number[] {
  return (table?.limits ?? []).map((limit, i, all) => limit - (i === 0 ? 0 : (all[i - 1] as number)));
}

describe('a table', () => {
  it('gives each function its share, and all of them the whole', () => {
    const { tables } = linked(user({ a: 1, b: 2, c: 1 }));
    expect(tables[0]?.limits).toEqual([0x4000, 0xc000, 0x10000]);
  });

  it('ends at 65536 whatever the weights are', () => {
    for (const weights of [{ a: 1 }, { a: 1, b: 1, c: 1 }, { a: 0.1, b: 0.7, c: 1e6 }, { a: 3, b: 1e-3 }]) {
      const limits = linked(user(weights)).tables[0]?.limits ?? [];
      expect(limits.at(-1)).toBe(0x10000);
      expect([...limits].sort((x, y) => x - y)).toEqual(limits);
    }
  });

  it('is right to half a unit for each function', () => {
    const weights = { a: 5, b: 0.3, c: 11, d: 2 };
    const total = 18.3;
    shares(linked(user(weights)).tables[0]).forEach((share, i) => {
      const exact = ((Object.values(weights)[i] as number) / total) * 0x10000;
      expect(Math.abs(share - exact)).toBeLessThanOrEqual(1);
    });
  });

  it('points at the entries of its functions', () => {
    const text = linked(user({ c: 1, a: 1 }));
    expect(text.tables[0]?.targets).toEqual([text.functions[2]?.entry, text.functions[0]?.entry]);
  });
});

describe('the tables of several programs', () => {
  it('are numbered in the order of the programs that have one', () => {
    const sleeper: ProgramSpec = { kind: 'sleeper', name: 's', tasks: 1, stack: ['a'] };
    const kthread: ProgramSpec = {
      kind: 'kthread',
      name: 'k',
      tasks: 1,
      calls: [{ fn: 'd', weight: 1 }],
      switchPoint: false,
      sleepMs: 0,
    };
    const { tables, functions: placed } = linked(user({ a: 1 }), sleeper, kthread);
    expect(tables.map((t) => t.targets)).toEqual([[placed[0]?.entry], [placed[3]?.entry]]);
  });
});
