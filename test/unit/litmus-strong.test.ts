// SPDX-License-Identifier: GPL-2.0-only
/** What tells the models apart: each shape is allowed from a certain model on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ModelName, models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { suiteFolder } from '#src/litmus/suite.js';

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
