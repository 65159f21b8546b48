// SPDX-License-Identifier: GPL-2.0-only
/** Executions that go wrong go wrong on threads in the same way, and are told so. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EndKind, rt } from '#src/engine/fibers/runtime.js';
import type { Scenario } from '#src/scenario/types.js';
import { RoundRobinScheduler } from '#src/schedule/round_robin.js';
import { CUT, type Scheduler } from '#src/schedule/scheduler.js';
import { EV } from '#src/trace/events.js';
import { buildBrokenKernel, MISTAKE, onlyHotplug, withMistake } from '../support/token/broken_kernel.js';
import { type Summary, smallPreset, TokenPair } from '../support/token/pair.js';

let kernel: ReturnType<typeof buildBrokenKernel>;
beforeAll(() => {
  kernel = buildBrokenKernel();
}, 300_000);
afterAll(() => kernel.remove());

const MAX_STEPS = 30_000;

/** Replays 20 schedules; returns those that ended as asked for. */
async function ended(
  as: EndKind,
  scenario: Scenario,
  mistake: number,
  scheduler?: () => Scheduler,
): Promise<Summary[]> {
  const pair = await TokenPair.create(withMistake(scenario, mistake), 'fast', kernel.trees);
  const found: Summary[] = [];
  try {
    for (let seed = 0; seed < 20; seed++) {
      const { recorded, replayed } = await pair.both(seed, MAX_STEPS, scheduler?.());
      expect(replayed).toEqual(recorded);
      if (replayed.end === as) found.push(replayed);
    }
  } finally {
    await pair.dispose();
  }
  return found;
}

it('a deadlock: a completion that wakes nobody', { timeout: 120_000 }, async () => {
  expect(
    (await ended('deadlock', onlyHotplug(smallPreset('hotplug')), MISTAKE.lostWakeup)).length,
  ).toBeGreaterThan(0);
});

it('a livelock: a lock that is never given back', { timeout: 120_000 }, async () => {
  expect(
    (await ended('livelock', onlyHotplug(smallPreset('hotplug')), MISTAKE.keptLock)).length,
  ).toBeGreaterThan(0);
});

it('an exception of kernel code, with what it says and whose it is', { timeout: 120_000 }, async () => {
  const found = await ended('exception', smallPreset('forkstorm'), MISTAKE.bug);
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatchObject({ actor: 1, error: expect.stringMatching(/^BUG: fork of \d+$/) });
});

it('an execution that its scheduler leaves', { timeout: 120_000 }, async () => {
  const leaving = (): Scheduler => {
    const s = new RoundRobinScheduler(7);
    const next = s.next.bind(s);
    s.next = (view) => (view.step > 500 ? CUT : next(view));
    return s;
  };
  expect(await ended('cut', smallPreset('hotplug'), 200, leaving)).toHaveLength(20);
});

it('an execution that was stopped from inside, in the middle of an operation', {
  timeout: 120_000,
}, async () => {
  const pair = await TokenPair.create(smallPreset('hotplug', 'online-only'));
  const { trace } = pair.fibers;
  trace.tripEvent = EV.klp_try;
  trace.tripLimit = 20;
  trace.trip = () => rt.stop();
  const ends: EndKind[] = [];
  try {
    for (let seed = 0; seed < 10; seed++) {
      const { recorded, replayed } = await pair.both(seed, MAX_STEPS);
      expect(replayed).toEqual(recorded);
      ends.push(replayed.end);
    }
  } finally {
    await pair.dispose();
  }
  expect(ends).toContain('stopped');
});
