// SPDX-License-Identifier: GPL-2.0-only
/** Starting and completing a transition over very many sleeping tasks: time for each, and memory. */
import { type Sleepers, startSleepers } from '../machine/sleepers.js';
import { bar, counted, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { spread } from '../statistics.js';

/** Tasks of the machine that shows what a transition costs whatever the number of tasks. */
const FEW = 16;
const ROUNDS = 5;
/** Tasks that a machine's transitions of one round go through, at least. */
const TASKS_PER_ROUND = 500_000;
/** Transitions of each machine before the first that counts. */
const WARM_TASKS = 2_000_000;
const MAX_CYCLES = 60;

export const transitionScale: Row = {
  name: 'transition-scale',
  what: 'Start + complete a transition over sleeping tasks',
  bound: 'time per task at the smaller number of tasks',
  byDefault: true,
  processes: 1,
  run: async ({ tasks: [small, large] }) => {
    const machines = await Promise.all([FEW, small, large].map(startSleepers));
    const [few, one, many] = machines as [Sleepers, Sleepers, Sleepers];
    try {
      for (const m of machines) await m.transitions(cyclesFor(m, WARM_TASKS));
      const times = new Map<Sleepers, number[]>(machines.map((m) => [m, []]));
      const attempts: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        for (const m of machines) {
          const cycles = cyclesFor(m, TASKS_PER_ROUND);
          const reply = await m.transitions(cycles);
          if (reply.switched < m.tasks * cycles * 2)
            throw new Error('not all tasks were switched by their stacks');
          attempts.push(...reply.attempts);
          times.get(m)?.push(spread([...reply.patchingNs, ...reply.unpatchingNs]).median);
        }
      }
      const of = (m: Sleepers) => times.get(m) as number[];
      const perTask = (m: Sleepers) => of(m).map((ns) => ns / m.tasks);
      const net = (m: Sleepers) => of(m).map((ns, round) => (ns - (of(few)[round] as number)) / m.tasks);
      const ratio = (a: number[], b: number[]) => spread(a.map((x, round) => x / (b[round] as number)));
      const mib = (bytes: number) => bytes / 2 ** 20;
      const bars = [
        bar(
          figure(`per task, ${large} against ${small}`, 'x', ratio(perTask(many), perTask(one))),
          'at most',
          1.5,
        ),
        bar(figure('the same without the fixed cost', 'x', ratio(net(many), net(one))), 'at most', 1.5),
        bar(counted(`memory of ${large} tasks`, 'MiB', mib(many.sharedBytes)), 'at most', 512),
      ];
      return {
        bars,
        figures: [
          figure(`per task, ${small} tasks`, 'ns', spread(perTask(one))),
          figure(`per task, ${large} tasks`, 'ns', spread(perTask(many))),
          figure('transition over next to no tasks', 'ns', spread(of(few))),
          counted('heap', 'MiB', mib(many.heapBytes)),
          counted('task_struct, slab slot and stack of a task', 'words', many.taskWords),
          counted('attempts to complete, median', '', spread(attempts).median),
        ],
        warnings: spreadWarnings(bars),
      };
    } finally {
      for (const m of machines) await m.end();
    }
  },
};

function cyclesFor(m: Sleepers, tasks: number): number {
  return Math.max(1, Math.min(MAX_CYCLES, Math.round(tasks / m.tasks / 2)));
}
