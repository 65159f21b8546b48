// SPDX-License-Identifier: GPL-2.0-only
/** The tests of this package: under the kernel's model each ends as its header says, and stronger models allow less. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ModelName, models } from '#src/litmus/models.js';
import { type Outcome, runTest } from '#src/litmus/outcome.js';
import { litmusFiles, suiteFolder } from '#src/litmus/suite.js';

const files = litmusFiles([suiteFolder()], []);
const run = (file: string, model: ModelName): Outcome =>
  runTest(readFileSync(file, 'utf8'), models[model], file);

const statesOf = (outcome: Outcome): ReadonlySet<string> =>
  new Set(outcome.status === 'skipped' ? ['skipped'] : outcome.found.states.keys());

it('has tests of every verdict', () => {
  expect(files.length).toBeGreaterThan(100);
  const expected = files.map((file) => {
    const outcome = run(file, 'lkmm');
    return outcome.status === 'skipped' ? null : outcome.program.expected;
  });
  for (const verdict of ['Never', 'Sometimes', 'Always', 'DEADLOCK']) expect(expected).toContain(verdict);
});

describe.each(files)('%s', (file) => {
  it('is named as its file, and agrees with its header', () => {
    const outcome = run(file, 'lkmm');
    expect(outcome.name).toBe(basename(file, '.litmus'));
    expect(outcome.status).toBe('agrees');
  });

  it('never shows on the view machine what the kernel forbids', () => {
    const lkmm = statesOf(run(file, 'lkmm'));
    const weak = statesOf(run(file, 'weak'));
    expect([...weak].filter((s) => !lkmm.has(s) && s !== 'skipped')).toEqual([]);
  });

  it('allows under TSO only what the kernel allows, and under SC only what TSO allows', () => {
    const lkmm = statesOf(run(file, 'lkmm'));
    const tso = statesOf(run(file, 'tso'));
    const sc = statesOf(run(file, 'sc'));
    expect([...tso].filter((s) => !lkmm.has(s))).toEqual([]);
    expect([...sc].filter((s) => !tso.has(s))).toEqual([]);
  });
});
