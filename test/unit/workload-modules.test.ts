// SPDX-License-Identifier: GPL-2.0-only
/** The image of a livepatch module: its new functions one after the other, each of which tells its version. */
import { describe, expect, it } from 'vitest';
import { link, type ModuleImage } from '#src/workload/assemble.js';
import { disassemble } from '../support/disassemble.js';
import { call, fn, tinyScenario, work } from '../support/tiny_scenario.js';

const scenario = tinyScenario({
  functions: [fn('f', [work(1), call('g')]), fn('g', [work(2)]), fn('h')],
  patches: [
    { name: 'one', functions: [{ fn: 'f', body: null }] },
    {
      name: 'two',
      functions: [
        { fn: 'g', body: [work(9, 0.5), work(8)] },
        { fn: 'f', body: [] },
      ],
    },
  ],
});
const text = link(scenario, 500);
const entryOf = (name: string) => text.functions.find((f) => f.name === name)?.entry;

function code(module: ModuleImage | undefined, index: number): string[] {
  const f = module?.funcs[index];
  if (module === undefined || f === undefined) throw new Error('no such function');
  return disassemble(module.image.slice(f.offset, f.offset + f.size));
}

describe('a new version', () => {
  it('without a body of its own does what the original does, and says that it is version 1 + patch', () => {
    expect(code(text.modules[0], 0)).toEqual(['ENTER 1', 'WORK 1', `CALL ${entryOf('g')}`, 'EXIT 1', 'RET']);
  });

  it('with a body of its own does that', () => {
    expect(code(text.modules[1], 0)).toEqual([
      'ENTER 258',
      `CHANCE ${(0x8000 << 8) | 1}`,
      'WORK 9',
      'WORK 8',
      'EXIT 258',
      'RET',
    ]);
    expect(code(text.modules[1], 1)).toEqual(['ENTER 2', 'EXIT 2', 'RET']);
  });

  it('has no call site: ftrace sends callers to it from the site of the original', () => {
    for (const module of text.modules) {
      expect(disassemble(module.image).some((word) => word.startsWith('FENTRY'))).toBe(false);
    }
  });
});

describe('an image', () => {
  it('is exactly its functions, in the order of the patch', () => {
    for (const module of text.modules) {
      let at = 0;
      for (const f of module.funcs) {
        expect(f.offset).toBe(at);
        at += f.size;
      }
      expect(module.image).toHaveLength(at);
    }
    expect(text.modules.map((m) => m.funcs.map((f) => f.func_id))).toEqual([[0], [1, 0]]);
  });

  it('does not depend on where it is loaded: its only addresses are those of original functions', () => {
    const elsewhere = link(scenario, 9000);
    const moved = text.modules.map((m) =>
      m.image.filter((word, i) => elsewhere.modules[0]?.image[i] !== word),
    );
    /* Of the first image only the call differs, by as much as the text has moved. */
    expect(disassemble(moved[0] as number[])).toEqual([`CALL ${entryOf('g')}`]);
    expect(disassemble(elsewhere.modules[0]?.image ?? [])).toContain(
      `CALL ${(entryOf('g') as number) + 8500}`,
    );
  });
});
