// SPDX-License-Identifier: GPL-2.0-only
/** Time that passes although somebody could go on (WAIT) is a decision like others: it comes again, also on threads. */
import { afterAll, expect, it } from 'vitest';
import { replayOf } from '#src/explore/bench.js';
import { WAIT } from '#src/schedule/scheduler.js';
import { StallScheduler } from '#src/schedule/stall.js';
import { smallPreset, TokenPair } from '../support/token/pair.js';

const MAX_STEPS = 100_000;
const SEEDS = 12;

const pair = await TokenPair.create(smallPreset('hotplug'), 'observed');
afterAll(() => pair.dispose());

it('is recorded, and replayed to the same end', async () => {
  let waits = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const { execution } = pair.record(seed, { maxSteps: MAX_STEPS }, new StallScheduler(seed));
    const { decisions } = execution;
    const places = decisions.actors.flatMap((actor, i) => (actor === WAIT ? [decisions.points[i]] : []));
    expect(new Set(places)).toEqual(new Set(places.length === 0 ? [] : [0]));
    waits += places.length;
    const hash = pair.fibers.stateHash();
    const replay = replayOf(decisions);
    const { recorded, replayed } = await pair.both(seed, MAX_STEPS, replay);
    expect(replay.divergedAt).toBe(-1);
    expect([recorded.hash, recorded.steps, recorded.now_ns]).toEqual([
      hash,
      execution.steps,
      execution.now_ns,
    ]);
    expect(replayed).toEqual(recorded);
  }
  expect(waits).toBeGreaterThan(10);
});
