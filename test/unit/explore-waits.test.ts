// SPDX-License-Identifier: GPL-2.0-only
/** A deadlock is told as a circle: who waits for which lock, who holds it, and what each has called. */
import { expect, it } from 'vitest';
import { record } from '#src/explore/recorded.js';
import { plain } from '#src/report/paint.js';
import { formatWaits } from '#src/report/waits_text.js';
import { firstFinding } from '../support/finding.js';

it('names the two locks, their holders and the functions that they wait in', async () => {
  const { runner, found } = await firstFinding(
    'hotplug',
    'busted-notifiers-klp-mutex',
    'EXPLORE-DEADLOCK',
    200,
  );
  const { waits } = record(runner, found);
  if (waits === null) throw new Error('nobody waits');
  expect(waits.circle.at(-1)).toBe(waits.circle[0]);
  expect(waits.circle).toContain('klp_mutex');
  for (const actor of waits.circle.filter((_, i) => i % 2 === 0)) {
    const waiting = waits.waiting.find((w) => w.actor === actor);
    expect(waiting?.by).not.toEqual([]);
    expect(waiting?.holds).not.toEqual([]);
    expect(waiting?.stack.length).toBeGreaterThan(2);
  }
  const lines = formatWaits(waits, plain);
  expect(lines[0]).toBe('who waits for whom');
  expect(lines.at(-1)).toMatch(/^ {2}circle: (\S+ -> )+\S+$/);
});
