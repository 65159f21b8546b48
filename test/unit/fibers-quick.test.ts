// SPDX-License-Identifier: GPL-2.0-only
/** The fast tree and the observed tree make the same execution of a schedule. */
import { expect, it } from 'vitest';
import { FibersMachine } from '#src/engine/fibers/machine.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { replayOf } from '#src/explore/bench.js';
import { protocolNames } from '#src/protocol/index.js';
import { forExploration } from '#src/scenario/exploration.js';
import { loadScenario } from '#src/scenario/load.js';
import { defaultSchedule } from '#src/schedule/index.js';
import type { Scheduler } from '#src/schedule/scheduler.js';

const scenario = forExploration(loadScenario('hotplug', {}, protocolNames));
const fast = new FibersMachine(await loadTree(builtTrees, 'fast'), scenario);
const observed = new FibersMachine(await loadTree(builtTrees, 'observed'), scenario);

function once(machine: FibersMachine, execution: number, scheduler: Scheduler) {
  scheduler.begin(machine.plan.nrActors - 1);
  const { end, steps, now_ns, decisions } = machine.execute(scheduler, {
    seed: execution,
    maxSteps: 100_000,
  });
  return { end, steps, now_ns, hash: machine.stateHash(), records: machine.trace.length, decisions };
}

it('over schedules of every kind', () => {
  for (let execution = 0; execution < 40; execution++) {
    const scheduler = defaultSchedule(execution, 3, 9000);
    const expected = once(observed, execution, scheduler);
    /* Only the observed tree tells a scheduler what comes. */
    const again = scheduler.needsOperations
      ? replayOf(expected.decisions)
      : defaultSchedule(execution, 3, 9000);
    expect(once(fast, execution, again)).toEqual(expected);
  }
});
