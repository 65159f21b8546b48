// SPDX-License-Identifier: GPL-2.0-only
/** The weak memory model in whole executions of the kernel: how many a second, and what a long one keeps. */
import { FibersMachine } from '../../src/engine/fibers/machine.js';
import { builtTrees, loadTree } from '../../src/engine/fibers/tree.js';
import { ViewModel } from '../../src/engine/fibers/weak/view.js';
import { forExploration } from '../../src/scenario/exploration.js';
import { parseScheduler } from '../../src/schedule/index.js';
import { compare } from '../harness.js';
import {
  hotplugScenario,
  kernelExecutions,
  LONG,
  rate,
  rawPoints,
  STATED_POINTS,
  shortScenario,
} from '../machine/executions.js';
import { bar, counted, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';

export const weakExecutions: Row = {
  name: 'weak-executions',
  what: 'Short executions of the kernel under the weak memory model a second and core',
  bound: 'as many points in a bare loop',
  byDefault: true,
  processes: 3,
  run: async () => {
    const random = await kernelExecutions('random', shortScenario(), new ViewModel());
    const c = compare({ random: random.run, raw: rawPoints() }, LONG);
    const stated = rate(c.ns.random, random.points / STATED_POINTS);
    const bars = [bar(figure('random(1/50), of 1,500 points', 'executions/s', stated), 'at least', 2000)];
    return {
      bars,
      figures: [
        figure('as they are', 'executions/s', rate(c.ns.random, 1)),
        counted('points of an execution', '', random.points),
        figure('its points in a bare loop', 'executions/s', rate(c.ns.raw, 1 / random.points)),
      ],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};

const POINTS = 10_000_000;
const MIB = 1 << 20;

export const weakMemory: Row = {
  name: 'weak-memory',
  what: `Memory of one weak execution of ${POINTS / 1e6} million points`,
  bound: 'that of a tenth of it',
  byDefault: true,
  processes: 1,
  run: async () => {
    const whole = hotplugScenario();
    const explore = { ...whole.explore, online: 1, livepatch: 100_000, hotplug: 200_000 };
    const machine = new FibersMachine(
      await loadTree(builtTrees, 'observed'),
      forExploration({ ...whole, explore }),
    );
    const model = new ViewModel();
    const execute = (maxSteps: number) => {
      const s = parseScheduler('random').create({ execution: 0, seed: 1, steps: maxSteps });
      s.begin(machine.plan.nrActors - 1);
      const { steps, end } = machine.execute(s, { seed: 1, maxSteps, model });
      if (end !== 'step-bound') throw new Error(`it ended as ${end} after ${steps} points`);
      const { words, snapshots } = model.history;
      return { words, views: snapshots.size, arena: (4 * snapshots.words.length) / MIB };
    };
    const tenth = execute(POINTS / 10);
    const all = execute(POINTS);
    return {
      bars: [
        bar(counted('views kept, against a tenth of the run', 'x', all.views / tenth.views), 'at most', 1.5),
      ],
      figures: [
        counted('views kept', '', all.views),
        counted('memory of the views', 'MiB', all.arena),
        counted('words with a history', '', all.words),
        counted('resident, with the record of the run', 'MiB', process.memoryUsage().rss / MIB),
      ],
      warnings: [],
    };
  },
};
