// SPDX-License-Identifier: GPL-2.0-only
/** How fast whole campaigns go: executions with all that judges them, and with a second worker. */
import { BATCH, measured, runBatch } from '../../src/explore/batch.js';
import { createPool, runCampaign } from '../../src/explore/campaign.js';
import { makeSubject } from '../../src/explore/prepare.js';
import type { MemoryName, Subject } from '../../src/explore/subject.js';
import { sampleClock } from '../clock.js';
import { bar, counted, type Figure, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { spread } from '../statistics.js';

/** Executions of a short campaign, in which most of the time goes to the compiler of JavaScript. */
const SHORT = 2000;
const ROUNDS = 60;

/** Judged executions of a subject a second and core: of a short campaign from its start, and once all is compiled. */
async function campaignRates(memory: MemoryName, warm: number): Promise<Figure[]> {
  const clock = sampleClock();
  const subject = await measured(makeSubject({ scenarioName: 'hotplug', memory }));
  let next = 0;
  let steps = 0;
  const upTo = async (executions: number): Promise<number> => {
    const start = clock.nowNs();
    const from = next;
    for (; next < executions; next += BATCH)
      steps += (await runBatch({ subject, from: next, to: next + BATCH })).steps;
    return (1e9 * (next - from)) / (clock.nowNs() - start);
  };
  const short = await upTo(SHORT);
  const operations = steps / next;
  await upTo(warm);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push(await upTo(next + BATCH));
  return [
    figure('executions, judged', 'executions/s', spread(rates)),
    counted(`the first ${SHORT}, from the start`, 'executions/s', short),
    counted('operations of an execution', '', operations),
  ];
}

export const campaignRate: Row = {
  name: 'campaign-rate',
  what: 'Campaign of hotplug, mix: executions a second and core with all oracles',
  bound: 'nothing: see points for the engine alone',
  byDefault: true,
  processes: 1,
  run: async () => ({ bars: [], figures: await campaignRates('sc', 8000), warnings: [] }),
};

export const weakCampaignRate: Row = {
  name: 'weak-campaign-rate',
  what: 'The same campaign under the weak memory model',
  bound: 'nothing: see weak-executions for the engine alone',
  byDefault: true,
  processes: 1,
  run: async () => ({ bars: [], figures: await campaignRates('weak', 3000), warnings: [] }),
};

/**
 * Executions after which a worker has compiled what matters, and of one measurement. V8 compiles for each worker anew, on
 * the second core, and goes on doing so for the first half minute: one worker has that core for it, two share them.
 */
const WARM = 20_000;
const MEASURED = 2048;
const TIMES = 7;

async function seconds(
  subject: Subject,
  workers: number,
  pool: ReturnType<typeof createPool>,
  executions: number,
) {
  const { wallSeconds, findings } = await runCampaign(subject, {
    executions,
    workers,
    pool,
    timeBudgetS: Number.POSITIVE_INFINITY,
    stopOnFirst: false,
    store: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    onFinding: () => {},
  });
  if (findings.executions !== executions)
    throw new Error(`${findings.executions} executions, not ${executions}`);
  return wallSeconds;
}

export const twoWorkers: Row = {
  name: 'two-workers',
  what: 'A campaign with two workers against one; two idle cores are needed',
  bound: '2x',
  byDefault: true,
  processes: 1,
  run: async () => {
    const subject = await measured(makeSubject({ scenarioName: 'hotplug' }));
    const one = createPool(1);
    const two = createPool(2);
    try {
      const start = (await seconds(subject, 1, one, MEASURED)) / (await seconds(subject, 2, two, MEASURED));
      await seconds(subject, 1, one, WARM);
      await seconds(subject, 2, two, 2 * WARM);
      const ratios: number[] = [];
      for (let i = 0; i < TIMES; i++) {
        const alone = await seconds(subject, 1, one, MEASURED);
        ratios.push(alone / (await seconds(subject, 2, two, MEASURED)));
      }
      const bars = [bar(figure('faster, elapsed time', 'x', spread(ratios)), 'at least', 1.8)];
      const figures = [counted(`the first ${MEASURED}, from the start`, 'x', start)];
      return { bars, figures, warnings: spreadWarnings(bars) };
    } finally {
      await one.destroy();
      await two.destroy();
    }
  },
};
