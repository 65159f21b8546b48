// SPDX-License-Identifier: GPL-2.0-only
/** An engine that fails is no bug of the kernel, and ends a campaign with what was found before. */
import { expect, it } from 'vitest';
import { FibersMachine } from '#src/engine/fibers/machine.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { createPool } from '#src/explore/campaign.js';
import { protocolNames } from '#src/protocol/index.js';
import { forExploration } from '#src/scenario/exploration.js';
import { loadScenario } from '#src/scenario/load.js';
import { parseScheduler } from '#src/schedule/index.js';
import { isOurFault } from '#src/util/call_stack.js';
import { SimulatorBug } from '#src/util/fault.js';
import { campaign } from '../support/exploring.js';

const machine = new FibersMachine(
  await loadTree(builtTrees, 'modelled'),
  forExploration(loadScenario('hotplug', {}, protocolNames)),
);

it('is told apart from an exception of kernel code', () => {
  const scheduler = parseScheduler('random').create({ execution: 0, seed: 1, steps: 1000 });
  scheduler.begin(machine.plan.nrActors - 1);
  const model = new ViewModel();
  model.fence = undefined as unknown as typeof model.fence;
  expect(() => machine.execute(scheduler, { seed: 1, maxSteps: 10_000, model })).toThrow(SimulatorBug);
});

it('is that of who called a builtin, where one complains', () => {
  const thrownBy = (folder: string) =>
    Object.assign(new TypeError('of a builtin'), {
      stack: `TypeError: of a builtin\n    at Array.map (<anonymous>)\n    at f (file:///x/src/${folder}/a.js:1:1)`,
    });
  expect(isOurFault(thrownBy('kernel/sched'))).toBe(false);
  expect(isOurFault(thrownBy('engine/fibers'))).toBe(true);
});

it('ends a campaign, which says so', async () => {
  const real = createPool(1);
  const run = (task: { from: number }) =>
    task.from === 32 ? { fault: 'TypeError: of ours' } : real.run(task);
  const pool = Object.assign(Object.create(real), { run }) as typeof real;
  try {
    const made = await campaign({ protocol: 'online-only' }, { executions: 96, pool });
    expect(made.end).toBe('simulator-bug');
    expect(made.cause).toBe('in executions 32 to 63: TypeError: of ours');
    expect(made.findings.executions).toBe(32);
  } finally {
    await real.destroy();
  }
});
