// SPDX-License-Identifier: GPL-2.0-only
/** The mutants: what each operator makes, and that every one is a patch of the sources as they are. */
import { describe, expect, it } from 'vitest';
import { equivalents } from '#src/explore/mutants/equivalents.js';
import { listMutants, mutantsOf, operators } from '#src/explore/mutants.js';
import { applyFileDiff } from '#src/kernel_build/apply_diff.js';
import { applyPatch } from '#src/kernel_build/change.js';
import { type FileDiff, parseUnifiedDiff } from '#src/kernel_build/unified_diff.js';

const path = 'src/kernel/livepatch/x.ts';
const file = (...body: string[]) =>
  `import { cpu_online } from '../cpu/masks.js';\n\nfunction f(k: Kernel): void {\n${body.map((l) => `  ${l}\n`).join('')}}\n`;

/** The lines that a mutant leaves of the function's body. */
function made(operator: string, ...body: string[]): string[][] {
  const text = file(...body);
  return mutantsOf(path, text)
    .filter((m) => m.operator === operator)
    .map((m) => {
      const applied = applyFileDiff(parseUnifiedDiff('m', m.patch).files[0] as FileDiff, text);
      if ('problems' in applied) throw new Error(applied.problems.join());
      return applied.text
        .split('\n')
        .slice(3, -2)
        .map((l) => l.trim());
    });
}

describe('the operators', () => {
  it('drop both halves of a lock, and only those of one lock', () => {
    expect(
      made(
        'lock-dropped',
        'mutex_lock(k, a, ip);',
        'raw_spin_lock(k, b, ip);',
        'if (x) mutex_unlock(k, a);',
        'raw_spin_unlock(k, b);',
        'mutex_unlock(k, a);',
      ),
    ).toEqual([
      ['raw_spin_lock(k, b, ip);', 'if (x) {}', 'raw_spin_unlock(k, b);'],
      ['mutex_lock(k, a, ip);', 'if (x) mutex_unlock(k, a);', 'mutex_unlock(k, a);'],
    ]);
    expect(made('lock-dropped', 'mutex_lock(k, a, ip);')).toEqual([]);
  });

  it('drop grace periods, wake-ups and barriers', () => {
    const body = [
      'klp_synchronize_transition(k, 1);',
      'wake_up(k, q);',
      'smp_wmb(k, B.X);',
      'const n = wake_up(k, q);',
    ];
    expect(made('grace-dropped', ...body)).toEqual([body.slice(1)]);
    expect(made('wake-dropped', ...body)).toEqual([[body[0], body[2], body[3]]]);
    expect(made('barrier-dropped', ...body)).toEqual([[body[0], body[1], body[3]]]);
  });

  it('move a write across its neighbours, but not away from what it needs, and not across what only tells', () => {
    const [a, write, b] = ['const a = READ_ONCE(k, p, f);', 'WRITE_ONCE(k, p, f, 1);', 'smp_wmb(k, B.X);'];
    expect(made('write-moved', a, write, b)).toEqual([
      [a, b, write],
      [write, a, b],
    ]);
    expect(made('write-moved', a, 'WRITE_ONCE(k, p, f, a);', 'trace(k, 1);', 'return;')).toEqual([]);
  });

  it('negate conditions, but not those of what only tells', () => {
    expect(
      made('condition-negated', 'if (a || b) return;', 'if (k.trace.on) g(k);', 'if (c) warn(k);'),
    ).toEqual([['if (!(a || b)) return;', 'if (k.trace.on) g(k);', 'if (c) warn(k);']]);
  });

  it('take possible CPUs for online ones, with the import', () => {
    const [mutant] = mutantsOf(path, file('g(cpu_online(k, 1));'));
    expect(mutant).toMatchObject({
      operator: 'possible-online',
      line: 4,
      before: 'cpu_online(k, 1)',
      after: 'cpu_possible(k, 1)',
    });
    expect(mutant?.patch).toContain("+import { cpu_possible, cpu_online } from '../cpu/masks.js';");
  });
});

describe('the list', () => {
  const all = listMutants();

  it('has many, of every operator, each under its own name, the same each time', () => {
    expect(all.length).toBeGreaterThan(300);
    expect(new Set(all.map((m) => m.operator))).toEqual(new Set(Object.keys(operators)));
    expect(new Set(all.map((m) => m.id)).size).toBe(all.length);
    expect(listMutants()).toEqual(all);
    for (const m of all) expect(m.id).toMatch(new RegExp(`^${m.operator}:${m.file}:${m.fn}:[1-9]\\d*$`));
  });

  it('has patches that apply to the sources, at their own place', () => {
    const wrong = all.flatMap((m) => {
      const problems: string[] = [];
      const changes = new Map<string, string | null>();
      applyPatch(m.id, m.patch, changes, problems);
      return changes.has(m.file) && changes.size === 1 ? problems : [m.id, ...problems];
    });
    expect(wrong).toEqual([]);
  });

  it('knows each mutant that was proved to be none', () => {
    for (const e of equivalents) {
      const found = all.filter(
        (m) => m.equivalent === e.why && m.operator === e.operator && m.file === e.file && m.fn === e.fn,
      );
      expect(found.length).toBeGreaterThan(0);
    }
  });
});
