// SPDX-License-Identifier: GPL-2.0-only
/** The story of a violation fits on a screen, and has what decides in it. */
import { expect, it } from 'vitest';
import { explain } from '#src/explore/explain.js';
import { minimise } from '#src/explore/minimise.js';
import { formatExplanation } from '#src/report/explanation_text.js';
import { plain } from '#src/report/paint.js';
import { formatTimeline } from '#src/report/timeline_text.js';
import { firstFinding } from '../support/finding.js';

it('has at most 30 lines of at most 110 letters, in order, up to the violation', async () => {
  const { runner, found } = await firstFinding('hotplug', 'online-only', 'KLP-MISSED-SWITCH', 30);
  const small = await minimise(runner, found, { budget: 500 });
  if (small === null) throw new Error('it did not come again');
  const e = explain(small.runner, small.found);
  const lines = formatTimeline(e.timeline, plain, 110);
  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines.filter((l) => l.length > 110)).toEqual([]);
  const text = lines.join('\n');
  for (const part of [
    'klp_start ',
    '*1',
    '*2',
    'cpu_online cpu=1 online=1',
    'flag_online',
    'KLP-MISSED-SWITCH',
  ]) {
    expect(text).toContain(part);
  }
  const steps = e.timeline.rows.flatMap((r) => (r.kind === 'fold' ? [] : [r.step]));
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(formatExplanation(e, plain)[0]).toBe('why: it takes this order');
});
