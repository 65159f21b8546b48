// SPDX-License-Identifier: GPL-2.0-only
/** What tells the models apart: each shape is allowed from a certain model on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ModelName, models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { suiteFolder } from '#src/litmus/suite.js';
import { explore } from '../support/litmus.js';

function observation(name: string, model: ModelName): string {
  const source = readFileSync(join(suiteFolder(), `${name}.litmus`), 'utf8');
  const outcome = runTest(source, models[model], name);
  return outcome.status === 'skipped' ? 'skipped' : outcome.observation;
}

describe.each([
  ['sb-once', 'Never', 'Sometimes', 'Sometimes'],
  ['sb-own-store', 'Never', 'Sometimes', 'Sometimes'],
  ['sb-release-acquire', 'Never', 'Sometimes', 'Sometimes'],
  ['sb-unlock-lock', 'Never', 'Never', 'Sometimes'],
  ['sb-atomic-inc', 'Never', 'Never', 'Sometimes'],
  ['r-wmb-mb', 'Never', 'Never', 'Sometimes'],
  ['r-once', 'Never', 'Sometimes', 'Sometimes'],
  ['mp-once', 'Never', 'Never', 'Sometimes'],
  ['lb-once', 'Never', 'Never', 'Sometimes'],
  ['iriw-once', 'Never', 'Never', 'Sometimes'],
  ['2+2w-once', 'Never', 'Never', 'Sometimes'],
  ['sb-mb-mb', 'Never', 'Never', 'Never'],
  ['rcu-mp', 'Never', 'Never', 'Never'],
  ['rcu-two-sections', 'Sometimes', 'Sometimes', 'Sometimes'],
  ['lb-srcu', 'Never', 'Never', 'Never'],
] as const)('%s', (name, sc, tso, lkmm) => {
  it(`is ${sc} under SC, ${tso} under TSO and ${lkmm} under the kernel's model`, () => {
    expect(observation(name, 'sc')).toBe(sc);
    expect(observation(name, 'tso')).toBe(tso);
    expect(observation(name, 'lkmm')).toBe(lkmm);
  });
});

describe('the model of Linux 6.12', () => {
  it('follows a release through a relaxed increment', () => {
    expect(observation('mp-release-sequence', 'lkmm')).toBe('Sometimes');
    expect(observation('mp-release-sequence', 'lkmm-6.12')).toBe('Never');
  });

  it('follows a dependency through a plain store and its load', () => {
    const threads = [
      'r0 = READ_ONCE(*x); *z = r0; r1 = *z; WRITE_ONCE(*y, r1);',
      'r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);',
    ];
    const condition = 'exists (0:r0=1 /\\ 1:r0=1)';
    expect(explore({ threads, condition, model: 'lkmm' }).observation).toBe('Sometimes');
    expect(explore({ threads, condition, model: 'lkmm-6.12' }).observation).toBe('Never');
  });

  it('gives no verdict on SRCU', () => expect(observation('lb-srcu', 'lkmm-6.12')).toBe('skipped'));

  it.each([
    'mp-wmb-rmb',
    'sb-after-unlock-lock',
    'isa2-release-chain',
    'rcu-mp',
    'lb-unlock-lock',
  ])('agrees on %s', (name) => expect(observation(name, 'lkmm-6.12')).toBe('Never'));
});
