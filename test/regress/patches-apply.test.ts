// SPDX-License-Identifier: GPL-2.0-only
/** Every mutant can be made from the sources as they are: it applies, also with git, and what it changes type-checks. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../support/arch/source.js';
import {
  patchFile,
  patchIds,
  readPatch,
  readSource,
  typeErrors,
} from '../support/regress/patched_sources.js';
import { applyDiff, parseDiff } from '../support/regress/unified_diff.js';

const ids = patchIds();

function hunk(...lines: string[]) {
  const path = 'src/kernel/livepatch/core.ts';
  return parseDiff([`--- a/${path}`, `+++ b/${path}`, '@@ -1,2 +1,1 @@', ...lines, ''].join('\n'));
}

const store = '    store(k, patch, klp_patch.mod_refcnt, 1);';
const first =
  ' * Enabling and disabling patches (kernel/livepatch/core.c), and loading and removing the modules that carry them.';

/* One program for all, with two that are wrong: making one takes seconds. */
const errors = typeErrors(
  new Map([
    ...ids.map((id) => [id, readPatch(id)] as const),
    ['type', hunk(`-${store}`, `+${store.replace('1)', "'1')")}`)],
    ['unused', hunk(` ${first}`, '+ */', '+const unused = 1;', '+/*')],
  ]),
);

describe('the patches', () => {
  it.each(ids)('%s applies at one place only', (id) => {
    const diffs = readPatch(id);
    expect(diffs.length).toBeGreaterThan(0);
    for (const diff of diffs) {
      expect(diff.path).toMatch(/^src\/(kernel|protocol)\//);
      const text = readSource(diff.path);
      expect(applyDiff(diff, text)).not.toBe(text);
    }
  });

  it('apply with git', () => {
    const refused = ids.filter((id) => {
      return spawnSync('git', ['apply', '--check', patchFile(id)], { cwd: projectRoot }).status !== 0;
    });
    expect(refused).toEqual([]);
  });

  it('leave sources that type-check', () => {
    expect(ids.filter((id) => !errors.has(id))).toEqual([]);
    expect(ids.flatMap((id) => errors.get(id) ?? [])).toEqual([]);
  });
});

describe('the check', () => {
  const apply = (text: string, ...lines: string[]) =>
    applyDiff(hunk(...lines)[0] as ReturnType<typeof parseDiff>[number], text);

  it('follows lines that have moved', () => {
    expect(apply('new\na\nb\nc', ' a', '-b')).toBe('new\na\nc');
  });

  it('tells a hunk without a place, and one with two', () => {
    expect(() => apply('a\nc', ' a', '-b')).toThrow('0 places');
    expect(() => apply('a\nb\na\nb', ' a', '-b')).toThrow('2 places');
  });

  it('tells a type error and a name that is no longer used', () => {
    expect(errors.get('type')?.join()).toContain('not assignable');
    expect(errors.get('unused')?.join()).toContain("'unused' is declared");
  });
});
