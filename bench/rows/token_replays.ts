// SPDX-License-Identifier: GPL-2.0-only
/** How many recorded executions a second are played back on real threads, one of which runs at a time. */
import { performance } from 'node:perf_hooks';
import { FibersMachine } from '../../src/engine/fibers/machine.js';
import { ENTRY, recordExecution, type TokenLog } from '../../src/engine/fibers/token_log.js';
import { builtTrees, loadTree } from '../../src/engine/fibers/tree.js';
import { TokenMachine } from '../../src/engine/threads/token_machine.js';
import { protocolNames } from '../../src/protocol/index.js';
import { forExploration } from '../../src/scenario/exploration.js';
import { loadScenario } from '../../src/scenario/load.js';
import { defaultSchedule } from '../../src/schedule/index.js';
import { bar, counted, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { median, spread } from '../statistics.js';

/** Operations of each execution. */
const POINTS = 1500;
const SCHEDULES = 60;
/** Passes over all schedules. Every thread compiles its kernel for itself: that takes the first ones. */
const WARM = 25;
const ROUNDS = 25;

export const tokenReplays: Row = {
  name: 'token-replays',
  what: `Replays a second of recorded schedules on threads, ${POINTS} operations each`,
  bound: '500',
  byDefault: true,
  processes: 1,
  run: async () => {
    const scenario = forExploration(loadScenario('hotplug', {}, protocolNames));
    const fibers = new FibersMachine(await loadTree(builtTrees, 'fast'), scenario);
    const logs = Array.from({ length: SCHEDULES }, (_, seed) => record(fibers, seed));
    const machine = await TokenMachine.create(builtTrees, scenario);
    try {
      const wall: number[] = [];
      const cpu: number[] = [];
      for (let round = -WARM; round < ROUNDS; round++) {
        const from = process.cpuUsage();
        const start = performance.now();
        for (const [seed, log] of logs.entries()) {
          const { divergence } = await machine.replay(seed, log, { maxSteps: POINTS });
          if (divergence !== null) throw new Error(`step ${divergence.step}: ${divergence.what}`);
        }
        const seconds = (performance.now() - start) / 1000;
        const { user, system } = process.cpuUsage(from);
        if (round < 0) continue;
        wall.push(SCHEDULES / seconds);
        cpu.push((SCHEDULES * 1e6) / (user + system));
      }
      const bars = [bar(figure('replays', '/s', spread(wall)), 'at least', 500)];
      const hands = logs.map((log) => log.entries.filter((e) => e.kind === ENTRY.hand).length);
      return {
        bars,
        figures: [
          figure('replays, of CPU time', '/s', spread(cpu)),
          counted('changes of thread in each, median', '', median(hands)),
        ],
        warnings: spreadWarnings(bars),
      };
    } finally {
      await machine.dispose();
    }
  },
};

function record(fibers: FibersMachine, seed: number): TokenLog {
  const scheduler = defaultSchedule(seed, 1, POINTS);
  scheduler.begin(fibers.plan.nrActors - 1);
  return recordExecution(fibers, scheduler, { seed, maxSteps: POINTS }).log;
}
