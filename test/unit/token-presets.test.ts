// SPDX-License-Identifier: GPL-2.0-only
/** What coroutines executed happens again on threads: the same end, state, virtual time and trace, step by step. */
import { describe, expect, it } from 'vitest';
import { smallPreset, TokenPair } from '../support/token/pair.js';

const SCHEDULES = 100;
const MAX_STEPS = 20_000;

describe.each(['default', 'hotplug', 'forkstorm', 'unreliable'])('%s', (name) => {
  it(`replays ${SCHEDULES} schedules`, { timeout: 300_000 }, async () => {
    const pair = await TokenPair.create(smallPreset(name));
    const ends = new Map<string, number>();
    try {
      for (let seed = 0; seed < SCHEDULES; seed++) {
        const { recorded, replayed } = await pair.both(seed, MAX_STEPS);
        expect(replayed).toEqual(recorded);
        ends.set(recorded.end, (ends.get(recorded.end) ?? 0) + 1);
      }
    } finally {
      await pair.dispose();
    }
    /* Not all of them cut off before they came to their end. */
    expect(ends.get('done')).toBeGreaterThan(SCHEDULES / 4);
  });
});
