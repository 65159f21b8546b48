// SPDX-License-Identifier: GPL-2.0-only
/** Not only the end is the same: at each change of actor the place in the source and the whole heap are. */
import { expect, it } from 'vitest';
import { ENTRY, UNKNOWN } from '#src/engine/fibers/token_log.js';
import { smallPreset, TokenPair } from '../support/token/pair.js';

const SCHEDULES = 12;
const MAX_STEPS = 4000;

it('stands at the recorded operations over the recorded heap', { timeout: 120_000 }, async () => {
  const pair = await TokenPair.create(smallPreset('hotplug'), 'observed');
  try {
    for (let seed = 0; seed < SCHEDULES; seed++) {
      const { log } = pair.record(seed, { maxSteps: MAX_STEPS, hashes: true });
      const hands = log.entries.filter((e) => e.kind === ENTRY.hand);
      expect(hands.length).toBeGreaterThan(10);
      expect(hands.filter((e) => e.hash === UNKNOWN || e.records === UNKNOWN)).toEqual([]);
      expect(hands.slice(1).filter((e) => e.site === UNKNOWN)).toEqual([]);
      expect((await pair.replay(seed, log, MAX_STEPS)).divergence).toBeNull();
    }
  } finally {
    await pair.dispose();
  }
});
