// SPDX-License-Identifier: GPL-2.0-only
/** The barrier registry and the code agree, and every barrier has its partner. */
import { describe, expect, it } from 'vitest';
import { barriers } from '#src/mem/barriers.js';
import {
  type BarrierRow,
  callFindings,
  functionsNamed,
  pairFindings,
  rowFindings,
} from '../support/arch/barriers.js';
import { parse, projectSources } from '../support/arch/source.js';

const kernel = projectSources('src/kernel', 'src/protocol');

describe('the registry', () => {
  it('pairs every barrier with one that names it back', () => {
    expect(pairFindings(barriers)).toEqual([]);
  });

  it('is where every barrier call comes from', () => {
    expect(callFindings(barriers, kernel)).toEqual([]);
  });

  it('has no row that the code does not have', () => {
    expect(rowFindings(barriers, kernel)).toEqual([]);
  });
});

const row = (id: string, pairs: string[], where = 'do_it', kind = 'wmb'): BarrierRow => ({
  id,
  pairs,
  where,
  kind,
});
const good = '/* a before b; pairs with R. */\n  smp_wmb(k, B.W);';
const file = (body: string) => parse('src/kernel/a.ts', `export function do_it(k: Kernel) {\n  ${body}\n}`);

describe('the check of pairs', () => {
  it('accepts partners that name each other, and one in words', () => {
    expect(pairFindings([row('W', ['R', 'a section in f']), row('R', ['W'])])).toEqual([]);
    expect(pairFindings([row('REL', ['REL'])])).toEqual([]);
  });

  it('tells a partner that is no row, that does not name back, and none', () => {
    expect(pairFindings([row('W', ['GONE'])])[0]).toContain('W: pairs with GONE, which is no row');
    expect(pairFindings([row('W', ['R']), row('R', ['a release in f'])])[0]).toContain(
      'does not name it back',
    );
    expect(pairFindings([row('W', [])])[0]).toContain('W: has no partner');
  });
});

describe('the check of calls', () => {
  const rows = [row('W', ['R'])];

  it('accepts a commented call with a registered id', () => {
    expect(callFindings(rows, [file(good)])).toEqual([]);
  });

  it('accepts a comment in the same function that names the id', () => {
    expect(callFindings(rows, [file('/* W: a before b. */ f();\n smp_wmb(k, B.W);')])).toEqual([]);
    expect(callFindings(rows, [file('/* a before b. */ f();\n smp_wmb(k, B.W);')])).toHaveLength(1);
  });

  it.each([
    ['must be passed the id', '/* c */ smp_wmb(k);'],
    ['must be passed the id', '/* c */ smp_wmb(k, 3);'],
    ['must be passed the id', '/* c */ smp_wmb(k, B.OTHER);'],
    ['is a wmb in the registry', '/* c */ smp_mb(k, B.W);'],
    ['has no comment', 'smp_wmb(k, B.W);'],
  ])('tells: %s: %s', (what, body) => {
    const found = callFindings(rows, [file(body)]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^src\/kernel\/a\.ts:2: /);
    expect(found[0]).toContain(what);
  });

  it('tells a call in another function than the registry says', () => {
    expect(callFindings([row('W', ['R'], 'other_fn')], [file(good)])[0]).toContain('stands in do_it');
  });
});

describe('the check of rows', () => {
  it('takes a call or a comment for the barrier', () => {
    expect(rowFindings([row('W', ['R'])], [file(good)])).toEqual([]);
    expect(rowFindings([row('W', ['R'])], [file('/* W: implied by the lock. */ f();')])).toEqual([]);
  });

  it('tells a row that stands nowhere', () => {
    expect(rowFindings([row('W', ['R'])], [file('f();')])[0]).toContain('has neither call nor comment of it');
    expect(rowFindings([row('W', ['R'])], [file("const W = 'W';")])).toHaveLength(1);
    expect(rowFindings([row('W', ['R'])], [file('/* SLOW_W */ f();')])).toHaveLength(1);
  });

  it('tells a function that does not exist', () => {
    expect(rowFindings([row('W', ['R'], 'gone_fn')], [file(good)])[0]).toContain('stands in gone_fn');
    expect(rowFindings([row('W', ['R'], 'slow path')], [file(good)])[0]).toContain('names no function');
  });

  it('looks into the file of each function that the row names', () => {
    const other = parse('src/kernel/b.ts', 'function acquire_it() {}');
    expect(rowFindings([row('W', ['R'], 'do_it, acquire_it')], [file(good), other])[0]).toContain(
      'src/kernel/b.ts',
    );
  });

  it('reads the functions out of the words', () => {
    expect(functionsNamed('percpu_up_read, slow path')).toEqual(['percpu_up_read']);
    expect(functionsNamed('halt (idle loop), f_a of g_b (x)')).toEqual(['halt', 'f_a', 'g_b']);
    expect(functionsNamed('(nowhere)')).toEqual([]);
    expect(functionsNamed('__f_a (test_and_clear), g_b (release)')).toEqual(['__f_a', 'g_b']);
  });
});
