// SPDX-License-Identifier: GPL-2.0-only
/** What would have let a transition end, or a sleeper go on, is tried: the kick, the flag, the wake-up that was lost. */
import { expect, it } from 'vitest';
import { missingEvent } from '#src/explore/explain_missing.js';
import { Runner } from '#src/explore/runner.js';
import { formatMissing, type MissingEvent } from '#src/report/missing_text.js';
import { subjectOf } from '../support/exploring.js';
import { firstFinding } from '../support/finding.js';

const text = (m: MissingEvent | null) => (m === null ? '' : formatMissing(m).join('\n'));

it('names the kick that an idle CPU has not got', async () => {
  const { runner, found } = await firstFinding('hotplug', 'busted-no-kick', 'PROG-HUNG-TRANSITION', 16);
  const missing = missingEvent(runner, found);
  expect(missing?.without?.ends).toBe(0);
  expect(text(missing)).toMatch(
    /swapper\/\d has its flag; cpu\d is halted, and nobody asks it to reschedule/,
  );
  expect(text(missing)).toMatch(
    /with a kick of cpu\d.*: 8 of 8 random schedules go on from there; 0 of 8 without/,
  );
});

it('names the flag that nobody has set', async () => {
  const { runner, found } = await firstFinding('hotplug', 'online-only', 'PROG-HUNG-TRANSITION', 64);
  const missing = missingEvent(runner, found);
  expect(text(missing)).toMatch(/swapper\/\d has no TIF_PATCH_PENDING/);
  expect(missing?.tried.at(-1)?.ends).toBeGreaterThan((missing?.without?.ends ?? 8) + 4);
});

it('tells a lost wake-up: the look, the change that it missed, and whom the waker found', async () => {
  const subject = await subjectOf({
    scenarioName: 'hotplug',
    explore: {},
    memory: 'weak',
    dropped: ['RCUWAIT_B'],
    seed: 3,
  });
  const runner = await Runner.create(subject);
  runner.beginBatch();
  for (let i = 0; i < 128; i++) {
    const found = runner.run(i)?.found.find((f) => f.violation.code === 'PROG-LOST-WAKEUP');
    if (found === undefined) continue;
    const told = text(missingEvent(runner, found));
    expect(told).toMatch(/hotplug fell asleep in rcuwait at step \d+\n.*it looked: READ (\S+) = /);
    expect(told).toMatch(
      /made its condition true before that look, which did not see it: WRITE \S+read_count/,
    );
    expect(told).toMatch(/looked whom to wake: READ \S+ = 0 \(step \d+, rcuwait_wake_up/);
    expect(told).toMatch(/with one more wake-up of hotplug .*: 8 of 8 random schedules go on from there$/m);
    return;
  }
  expect.unreachable('it was not found');
});
