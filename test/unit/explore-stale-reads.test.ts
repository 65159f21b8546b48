// SPDX-License-Identifier: GPL-2.0-only
/** A finding under weak memory tells which old value was read, from whom, and which barrier would have forbidden it. */
import { expect, it } from 'vitest';
import { StaleLog } from '#src/engine/fibers/weak/stale_log.js';
import { staleReads } from '#src/explore/stale_reads.js';
import { paintFor } from '#src/report/paint.js';
import { formatStaleReads } from '#src/report/stale_text.js';
import { parseScheduler } from '#src/schedule/index.js';
import { campaign, runnerOf } from '../support/exploring.js';

const choice = { scenarioName: 'busy', explore: {}, dropped: ['KLP_W_INIT'] };

it('names the stale patch_state that the missing write barrier has let through', async () => {
  const outcome = await campaign({ ...choice, memory: 'weak' }, { executions: 256, stopOnFirst: true });
  const [finding] = outcome.findings.list();
  const runner = await runnerOf({ ...choice, memory: 'weak' });
  const reads = staleReads(runner, (finding as NonNullable<typeof finding>).first);
  const read = reads.find((r) => r.word.endsWith('patch_state') && r.fn === 'klp_ftrace_handler');
  expect(read).toMatchObject({ value: 'UNDEFINED', newestWriter: 'livepatch', fn: 'klp_ftrace_handler' });
  expect(read?.newest).not.toBe('UNDEFINED');
  expect(read?.remedy).toMatch(/smp_wmb\(\) after that store in livepatch/);
  expect(read?.turned).toMatchObject({
    shape: 'messages',
    first: { actor: 'livepatch', word: read?.word, fn: 'klp_init_task' },
    second: { actor: 'livepatch', word: expect.stringMatching(/\.transition$/), fn: 'set_transition' },
    third: { actor: read?.actor, fn: 'klp_ftrace_handler' },
    fourth: { actor: read?.actor, fn: 'klp_ftrace_handler' },
    writerAlone: true,
    readerAlone: false,
  });
  for (const r of reads) {
    expect(r.place).toMatch(/^\w+\.ts:\d+/);
    expect(r.word).toMatch(/klp_|func|ftrace|patch_state|thread_flags/);
  }
  const text = formatStaleReads(reads, paintFor({ isTTY: false }, {})).join('\n');
  expect(text).toMatch(/READ .*patch_state = UNDEFINED, .*\(klp_ftrace_handler, handler\.ts:\d+\)/);
  expect(text).toMatch(/turned round: livepatch WRITE .*patch_state .*\n +before WRITE .*transition /);
  expect(text).toMatch(/it goes away with smp_wmb\(\) between the two writes; with smp_rmb/);
  expect(text).toMatch(/left out: KLP_W_INIT \(wmb of klp_init_transition: /);
});

it('knows where a load stands that may race on purpose', async () => {
  const { model, observed, subject } = await runnerOf({
    scenarioName: 'forkstorm',
    explore: {},
    memory: 'weak',
  });
  const log = new StaleLog(model as NonNullable<typeof model>);
  const places = new Set<string>();
  const { sites } = observed.tree;
  const scheduler = parseScheduler('random(1/50)').create({ execution: 1, seed: 1, steps: 5000 });
  scheduler.begin(observed.plan.nrActors - 1);
  observed.execute(scheduler, {
    seed: 1,
    maxSteps: subject.maxSteps,
    model: log,
    observer: {
      access: () => {},
      racy: (_actor, addr, site) => {
        places.add(`${sites[site]?.fn}`);
        log.placed(addr, site);
      },
      fence: () => {},
      futex: () => {},
    },
  });
  expect([...places]).toContain('test_bit_racy');
  expect(log.reads.filter((r) => r.site >= 0).length).toBeGreaterThan(0);
});

it('tells of none under sequential consistency', async () => {
  const outcome = await campaign({}, { executions: 32, stopOnFirst: true });
  expect(outcome.findings.list()).toEqual([]);
  const runner = await runnerOf();
  const none = {
    violation: { code: 'X', summary: '' },
    seed: 1,
    decisions: { actors: [], points: [], choices: [] },
  };
  expect(staleReads(runner, none as never)).toEqual([]);
});
