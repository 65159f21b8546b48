// SPDX-License-Identifier: GPL-2.0-only
/** What oracles and statistics remember depends on the tasks that live, not on those that have lived. */
import { expect, it } from 'vitest';
import { KLP_PATCHED, KLP_UNDEFINED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { createOracles, Judge } from '#src/oracle/index.js';
import { RunStatistics } from '#src/soak/statistics.js';
import { PHASE } from '#src/trace/events.js';
import { entriesOf } from '../support/entries.js';
import { TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const scenario = judgedScenario();
const PARENT = 1;
const TASKS = 50;

/** Tasks that are born, go through a patching and an unpatching, and die; pids are not used again. */
function generation(nr: number, exits: boolean): TraceBuilder {
  const t = new TraceBuilder(scenario);
  const tasks = Array.from({ length: TASKS }, (_, i) => 2 + nr * TASKS + i);
  for (const task of tasks)
    t.on(task, task % 2)
      .forked(PARENT, task, KLP_UNDEFINED)
      .call(task, 'vfs_read', 0);
  t.reader(PHASE.begin).reader(PHASE.end).down(2).up(2).load(FIRST);
  for (const [from, to] of [
    [KLP_UNPATCHED, KLP_PATCHED],
    [KLP_PATCHED, KLP_UNPATCHED],
  ] as const) {
    t.begin(FIRST, to);
    for (const task of tasks) {
      t.handler(task, 'vfs_read', from, 1, from).call(task, 'vfs_read', from);
      t.syscallExit(task, from).selfSwitch(task, from, to).call(task, 'vfs_write', to);
    }
    t.complete(FIRST, to);
  }
  t.free(FIRST);
  if (exits) for (const task of tasks) t.taskExit(task);
  return t;
}

class Run {
  readonly judge = new Judge(createOracles(scenario));
  readonly statistics = new RunStatistics();
  private nr = 0;
  private seq = 0;

  constructor(private readonly exits: boolean) {}

  until(generations: number): this {
    for (; this.nr < generations; this.nr++) {
      for (const r of generation(this.nr, this.exits).records) {
        const record = { ...r, seq: ++this.seq };
        this.judge.feed(record);
        this.statistics.feed(record);
      }
    }
    return this;
  }

  entries(): Record<string, number> {
    const oracles = this.judge.oracles.map((o) => [o.id, entriesOf(o)] as const);
    return { ...Object.fromEntries(oracles), statistics: entriesOf(this.statistics) };
  }
}

it('is as much after 100,000 tasks as after 1,000', () => {
  const run = new Run(true);
  const early = run.until(1_000 / TASKS).entries();
  expect(run.until(100_000 / TASKS).entries()).toEqual(early);
  expect(run.judge.violations).toEqual([]);
});

it.each([
  'consistency',
  'klp-state',
  'switch-points',
  'stack-safety',
  'progress',
])('grows in %s when the ends of tasks are not told', (oracle) => {
  const run = new Run(false);
  const early = run.until(1_000 / TASKS).entries();
  const late = run.until(5_000 / TASKS).entries();
  expect(late[oracle]).toBeGreaterThan(early[oracle] as number);
});
