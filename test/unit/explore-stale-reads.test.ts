// SPDX-License-Identifier: GPL-2.0-only
/** A finding under weak memory tells which old value was read, from whom, and which barrier would have forbidden it. */
import { expect, it } from 'vitest';
import { staleReads } from '#src/explore/stale_reads.js';
import { paintFor } from '#src/report/paint.js';
import { formatStaleReads } from '#src/report/stale_text.js';
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
  const text = formatStaleReads(reads, paintFor({ isTTY: false }, {})).join('\n');
  expect(text).toMatch(/READ .*patch_state = UNDEFINED, .*\(klp_ftrace_handler, handler\.ts:\d+\)/);
  expect(text).toMatch(/left out: KLP_W_INIT \(wmb of klp_init_transition: /);
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
