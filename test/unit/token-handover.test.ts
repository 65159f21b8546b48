// SPDX-License-Identifier: GPL-2.0-only
/** Not only the end is the same: at each change of actor the place in the source and the whole heap are. */
import { expect, it } from 'vitest';
import { FibersMachine } from '#src/engine/fibers/machine.js';
import { ENTRY, recordExecution, UNKNOWN } from '#src/engine/fibers/token_log.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { replayOnThreads } from '#src/engine/threads/token_machine.js';
import { RoundRobinScheduler } from '#src/schedule/round_robin.js';
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

it('replays a single one with threads of its own', { timeout: 120_000 }, async () => {
  const scenario = smallPreset('hotplug');
  const fibers = new FibersMachine(await loadTree(builtTrees, 'fast'), scenario);
  const scheduler = new RoundRobinScheduler(30);
  scheduler.begin(fibers.plan.nrActors - 1);
  const { log } = recordExecution(fibers, scheduler, { seed: 5, maxSteps: 1000 });
  const { divergence, hash, steps } = await replayOnThreads(builtTrees, scenario, 5, log, { maxSteps: 1000 });
  expect({ divergence, hash, steps }).toEqual({
    divergence: null,
    hash: fibers.stateHash(),
    steps: log.steps,
  });
});
