// SPDX-License-Identifier: GPL-2.0-only
/** A stopper that is not ordered after its request takes the end of the last stop_machine for that of this one. */
import { expect, it } from 'vitest';
import { makeSubject } from '#src/explore/prepare.js';
import { Runner } from '#src/explore/runner.js';
import { parseScheduler } from '#src/schedule/index.js';
import { EV, type TraceRecord } from '#src/trace/events.js';

const STEPS = 60_000;

/** CPUs that went in one long execution on the weak machine. */
async function deaths(dropped: readonly string[], seed: number): Promise<number> {
  const explore = { livepatch: 100_000, hotplug: 200_000 };
  const subject = makeSubject({ scenarioName: 'hotplug', memory: 'weak', seed: 1, explore, dropped });
  const runner = await Runner.create({ ...subject, steps: 1000, maxSteps: STEPS });
  runner.beginBatch();
  const scheduler = parseScheduler('random').create({ execution: seed, seed, steps: 1000 });
  scheduler.begin(runner.fast.plan.nrActors - 1);
  runner.locked(scheduler, seed);
  const { trace } = runner.observed;
  const record: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  let dead = 0;
  for (let i = 0; i < trace.length; i++) {
    trace.read(i, record);
    if (record.ev === EV.cpu_dead) dead++;
  }
  return dead;
}

it('lets CPUs go again and again, and no longer when STOP_WORK is left out', async () => {
  const whole = await deaths([], 3);
  const without = await deaths(['STOP_WORK'], 3);
  expect(whole).toBeGreaterThan(10);
  expect(without).toBeLessThan(whole / 2);
});
