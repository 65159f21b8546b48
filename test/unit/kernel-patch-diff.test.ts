// SPDX-License-Identifier: GPL-2.0-only
/** Unified diffs: what is read, where hunks go, and what is said of those that fit nowhere. */
import { describe, expect, it } from 'vitest';
import { applyFileDiff } from '#src/kernel_build/apply_diff.js';
import { type FileDiff, parseUnifiedDiff } from '#src/kernel_build/unified_diff.js';

const diff = (...lines: string[]) => parseUnifiedDiff('p', `${lines.join('\n')}\n`);
const head = ['--- a/src/kernel/x.ts', '+++ b/src/kernel/x.ts'];
const one = (...lines: string[]) => diff(...head, ...lines).files[0] as FileDiff;
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}\n`).join('');

describe('reading', () => {
  it('takes the paths of git, of diff -ru, and those behind a folder', () => {
    for (const [a, b] of [
      ['a/src/kernel/x.ts', 'b/src/kernel/x.ts'],
      ['orig/src/kernel/x.ts\t2024-05-01 10:00:00', 'mine/src/kernel/x.ts\t2024-05-02 10:00:00'],
      ['src/kernel/x.ts', '/tmp/mine/src/kernel/x.ts'],
    ]) {
      const [file] = diff(`--- ${a}`, `+++ ${b}`, '@@ -1 +1 @@', '-a', '+b').files;
      expect(file).toMatchObject({ from: 'src/kernel/x.ts', to: 'src/kernel/x.ts', line: 1 });
    }
  });

  it('knows new and removed files', () => {
    expect(diff('--- /dev/null', '+++ b/src/kernel/n.ts', '@@ -0,0 +1 @@', '+a').files[0]).toMatchObject({
      from: null,
      to: 'src/kernel/n.ts',
    });
    expect(diff('--- a/src/kernel/n.ts', '+++ /dev/null', '@@ -1 +0,0 @@', '-a').files[0]?.to).toBeNull();
  });

  it('leaves alone what a mail has around it, and counts lines inside hunks', () => {
    const parsed = diff(
      'Subject: [PATCH] x',
      '',
      '---',
      ' x | 2 +-',
      ...head,
      '@@ -1,2 +1,2 @@',
      ' a',
      '--- old',
      '+++ new',
      '-- ',
      '2.39',
    );
    expect(parsed.problems).toEqual([]);
    expect(parsed.files[0]?.hunks).toEqual([
      { line: 7, at: 1, before: ['a', '-- old'], after: ['a', '++ new'] },
    ]);
  });

  it.each([
    ['nothing', [], 'p: no unified diff in it (--- a/…, +++ b/…, @@ … @@)'],
    [
      'a hunk that is cut off',
      [...head, '@@ -1,3 +1,3 @@', ' a', '-b', '+c'],
      'p:3: the hunk does not have as many lines as its header says',
    ],
    [
      'a hunk that is too long',
      [...head, '@@ -1 +1 @@', '-b', '+c', '+d'],
      'p:3: the hunk does not have as many lines as its header says',
    ],
    [
      'a rename',
      ['diff --git a/src/kernel/x.ts b/src/kernel/y.ts', 'rename from src/kernel/x.ts'],
      'p:2: "rename from": only changes of text can be applied (diff -ruN, git diff --no-renames)',
    ],
  ])('tells of %s', (_what, lines, problem) => {
    expect(diff(...lines).problems).toEqual([problem]);
  });
});

describe('applying', () => {
  const text = numbered(2000);

  it('finds hunks that have moved by up to 500 lines, and goes on from there', () => {
    const file = one(
      '@@ -900,2 +900,1 @@',
      ' line 1400',
      '-line 1401',
      '@@ -910,1 +909,2 @@',
      ' line 1410',
      '+new',
    );
    const applied = applyFileDiff(file, text);
    expect(applied).toEqual({
      text: text.replace('line 1401\n', '').replace('line 1410\n', 'line 1410\nnew\n'),
    });
  });

  it('does not go further', () => {
    expect(applyFileDiff(one('@@ -899,1 +899,0 @@', '-line 1400'), text)).toHaveProperty('problems');
  });

  it('takes the nearest of two places', () => {
    const twice = numbered(10).repeat(2);
    expect(applyFileDiff(one('@@ -14,1 +14,1 @@', '-line 3', '+x'), twice)).toEqual({
      text: numbered(10) + numbered(10).replace('line 3', 'x'),
    });
  });

  it('lets no line differ: tells where, what it wanted and what is there', () => {
    expect(applyFileDiff(one('@@ -2,3 +2,2 @@', ' line 2', '-line three', ' line 4'), text)).toEqual({
      problems: ['p:3: does not apply to src/kernel/x.ts:3: expected "line three", found "line 3"'],
    });
    expect(applyFileDiff(one('@@ -2000,2 +2000,1 @@', ' line 2000', '-line 2001'), text)).toEqual({
      problems: [
        'p:3: does not apply to src/kernel/x.ts:2001: expected "line 2001", found the end of the file',
      ],
    });
  });

  it('makes and empties files', () => {
    expect(applyFileDiff(one('@@ -0,0 +1,2 @@', '+a', '+b'), '')).toEqual({ text: 'a\nb\n' });
    expect(applyFileDiff(one('@@ -1,2 +0,0 @@', '-a', '-b'), 'a\nb\n')).toEqual({ text: '' });
  });
});
