// SPDX-License-Identifier: GPL-2.0-only
/** Kernel code keeps to the part of the language that the compile step of the fibers engine accepts. */
import { describe, expect, it } from 'vitest';
import { parse, projectSources } from '../support/arch/source.js';
import { moduleStateFindings, subsetFindings } from '../support/arch/subset.js';

const look = (text: string, path = 'src/kernel/a.ts') => subsetFindings(parse(path, text));

describe('the kernel folders', () => {
  it('keep to the subset', () => {
    expect(projectSources('src').flatMap(subsetFindings)).toEqual([]);
  });

  it('have no state of their own', () => {
    expect(projectSources('src').flatMap(moduleStateFindings)).toEqual([]);
  });
});

describe('the check of the subset', () => {
  it.each([
    ['accessor', 'const o = { get x() { return 1; } };'],
    ['accessor', 'const o = { set x(v) {} };'],
    ['class', 'class A { f() {} }'],
    ['class', 'const A = class {};'],
    ['default', 'function f(a = 1) {}'],
    ['default', 'const f = (a = 1) => a;'],
    ['generator', 'function* f() {}'],
    ['generator', 'const o = { *f() {} };'],
    ['async', 'async function f() {}'],
    ['async', 'const f = async () => 1;'],
    ['callback', 'list.forEach((p) => p);'],
    ['callback', 'list.sort(function (a, b) { return a - b; });'],
    ['hides what is called', 'f.call(k);'],
    ['hides what is called', 'f.apply(k, []);'],
    ['hides what is called', 'const g = f.bind(k);'],
    ['any', 'function f(a: any) {}'],
    ['any', 'const a = b as any;'],
    ['Function', 'let a: Function;'],
  ])('tells: %s in %s', (what, text) => {
    const found = look(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^src\/kernel\/a\.ts:1: /);
    expect(found[0]).toContain(what);
  });

  it('accepts plain synchronous functions and loops', () => {
    const text = `
      const table = [1, 2] as const;
      export function f(k: Kernel, n: number): boolean {
        for (let i = 0; i < n; i++) if (i > 1) return true;
        while (n > 0) n--;
        const { a = 1 } = k;
        return table.includes(1);
      }`;
    expect(look(text)).toEqual([]);
  });

  it('looks at the folders of kernel code only', () => {
    const bad = 'async function f() {}';
    for (const path of ['src/mem/list.ts', 'src/protocol/p.ts', 'src/workload/torture/onoff.ts']) {
      expect(look(bad, path)).toHaveLength(1);
    }
    for (const path of [
      'src/workload/assemble.ts',
      'src/trace/ring.ts',
      'src/mem/layout.ts',
      'src/kernel/abi/a.ts',
    ]) {
      expect(look(bad, path)).toEqual([]);
    }
  });
});

describe('the check of module state', () => {
  it('tells let and var at the top of a module', () => {
    const text = 'const a = 1;\nlet b = 2;\nexport var c = 3;\nfunction f() { let d = 4; }';
    expect(moduleStateFindings(parse('src/protocol/p.ts', text))).toEqual([
      'src/protocol/p.ts:2: state of the module: two machines live in one process',
      'src/protocol/p.ts:3: state of the module: two machines live in one process',
    ]);
    expect(moduleStateFindings(parse('src/util/a.ts', text))).toEqual([]);
  });
});
