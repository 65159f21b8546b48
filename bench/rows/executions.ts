// SPDX-License-Identifier: GPL-2.0-only
/** How fast explorations go: scheduling points and executions a second and core, and a search to its end. */
import { exploreModel } from '../../src/engine/fibers/model_explore.js';
import { ModelMachine } from '../../src/engine/fibers/model_machine.js';
import { loadModels } from '../../src/engine/fibers/model_tree.js';
import { builtTrees } from '../../src/engine/fibers/tree.js';
import { parseScheduler } from '../../src/schedule/index.js';
import { sampleClock } from '../clock.js';
import { type Contender, compare, DEFAULT_OPTIONS } from '../harness.js';
import {
  type Executions,
  hotplugScenario,
  kernelExecutions,
  LONG,
  modelExecutions,
  rate,
  rawPoints,
  STATED_POINTS,
  shortScenario,
} from '../machine/executions.js';
import { bar, counted, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { type Spread, spread } from '../statistics.js';

const RAW = 'a countdown, a read and a write in a bare loop';

export const points: Row = {
  name: 'points',
  what: 'Scheduling points a second and core',
  bound: RAW,
  byDefault: true,
  processes: 3,
  run: async () => {
    const hotplug = hotplugScenario();
    const all: Record<string, Executions> = {
      'LP(4,4), random(1/50)': await modelExecutions('random', 'lp', 4, 4),
      'LP(4,4), pct(3)': await modelExecutions('pct(3)', 'lp', 4, 4),
      'kernel, hotplug, random(1/50)': await kernelExecutions('random', hotplug),
      'kernel, hotplug, pct(3)': await kernelExecutions('pct(3)', hotplug),
    };
    const contenders: Record<string, Contender> = { raw: rawPoints() };
    for (const [name, e] of Object.entries(all)) contenders[name] = e.run;
    const c = compare(contenders, LONG);
    const bars = Object.entries(all).map(([name, e]) =>
      bar(figure(name, 'points/s', rate(c.ns[name] as never, e.points)), 'at least', 8e6),
    );
    return {
      bars,
      figures: [figure('bare loop', 'points/s', rate(c.ns.raw as never, 1))],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};

export const lp44: Row = {
  name: 'lp-4-4',
  what: 'Executions of LP(4,4) a second and core, random(1/50)',
  bound: RAW,
  byDefault: true,
  processes: 3,
  run: async () => {
    const lp = await modelExecutions('random', 'lp', 4, 4);
    const c = compare({ lp: lp.run, raw: rawPoints() }, DEFAULT_OPTIONS);
    const bars = [bar(figure('LP(4,4)', 'executions/s', rate(c.ns.lp, 1)), 'at least', 40_000)];
    return {
      bars,
      figures: [
        counted('points of an execution', '', lp.points),
        figure('points, bare loop', 'points/s', rate(c.ns.raw, 1)),
      ],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};

const DPOR_EXECUTIONS = 9261;
const DPOR_ROUNDS = 5;

export const dporLp: Row = {
  name: 'dpor-lp-3-2',
  what: 'All inequivalent executions of LP(3,2), optimal DPOR',
  bound: 'as many executions of it with random(1/50)',
  byDefault: true,
  processes: 3,
  run: async () => {
    const clock = sampleClock();
    const machine = new ModelMachine((await loadModels(builtTrees, 'observed')).make('lp', 3, 2));
    const sampled = await modelExecutions('random', 'lp', 3, 2);
    const searches: number[] = [];
    const samples: number[] = [];
    for (let round = 0; round < DPOR_ROUNDS; round++) {
      const start = clock.nowNs();
      const { executions, complete } = exploreModel(machine, parseScheduler('dpor'), {
        executions: Number.POSITIVE_INFINITY,
      });
      if (!complete || executions !== DPOR_EXECUTIONS)
        throw new Error(`${executions} executions, not ${DPOR_EXECUTIONS}`);
      const between = clock.nowNs();
      sampled.run(DPOR_EXECUTIONS);
      searches.push((between - start) / 1e9);
      samples.push((clock.nowNs() - between) / 1e9);
    }
    const bars = [bar(figure('the whole search', 's', spread(searches)), 'at most', 1)];
    return {
      bars,
      figures: [figure('as many at random', 's', spread(samples))],
      warnings: spreadWarnings(bars),
    };
  },
};

export const executions1500: Row = {
  name: 'executions-1500',
  what: 'Short executions of the kernel a second and core, reset included',
  bound: 'as many points in a bare loop',
  byDefault: true,
  processes: 3,
  run: async () => {
    const scenario = shortScenario();
    const random = await kernelExecutions('random', scenario);
    const pct = await kernelExecutions('pct(3)', scenario);
    const c = compare({ random: random.run, pct: pct.run, raw: rawPoints() }, LONG);
    const stated = (ns: Spread, { points }: Executions) => rate(ns, points / STATED_POINTS);
    const bars = [
      bar(
        figure('random(1/50), of 1,500 points', 'executions/s', stated(c.ns.random, random)),
        'at least',
        5000,
      ),
      bar(figure('pct(3), of 1,500 points', 'executions/s', stated(c.ns.pct, pct)), 'at least', 5000),
    ];
    return {
      bars,
      figures: [
        counted('points of an execution', '', random.points),
        figure('its points in a bare loop', 'executions/s', rate(c.ns.raw, 1 / random.points)),
      ],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};
