// SPDX-License-Identifier: GPL-2.0-only
/** Every lock class belongs to some lock, and the tables that lock_stat keeps per class have room for all. */
import { describe, expect, it } from 'vitest';
import { LOCK_CLASS, NR_LOCK_CLASSES } from '#src/kernel/abi/lock_classes.js';
import { unusedLockClassFindings } from '../support/arch/registries.js';
import { parse, projectSources } from '../support/arch/source.js';

describe('the lock classes', () => {
  it('are all used', () => {
    const sources = projectSources('src/kernel', 'src/protocol', 'src/machine', 'src/workload');
    expect(unusedLockClassFindings(Object.keys(LOCK_CLASS), sources)).toEqual([]);
  });

  it('have numbers of their own, inside the tables', () => {
    const numbers: number[] = Object.values(LOCK_CLASS);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThan(NR_LOCK_CLASSES);
  });
});

describe('the check', () => {
  it('finds both ways to name a class, and tells one that is not used', () => {
    const source = parse(
      'src/kernel/a.ts',
      "f(LOCK_CLASS.klp_mutex); f(LOCK_CLASS['rq->lock']); /* LOCK_CLASS.gone */",
    );
    expect(unusedLockClassFindings(['klp_mutex', 'rq->lock', 'gone'], [source])).toEqual([
      'src/kernel/abi/lock_classes.ts: gone: no lock has this class',
    ]);
  });
});
