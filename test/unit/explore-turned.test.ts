// SPDX-License-Identifier: GPL-2.0-only
/** A full barrier that is missing between a store and a load: both sides are told, and which of them lacks it. */
import { expect, it } from 'vitest';
import { Runner } from '#src/explore/runner.js';
import { staleReads } from '#src/explore/stale_reads.js';
import { subjectOf } from '../support/exploring.js';

it('names the two stores and the two loads around PRW_A', async () => {
  const subject = await subjectOf({
    scenarioName: 'hotplug',
    explore: {},
    memory: 'weak',
    dropped: ['PRW_A'],
    seed: 3,
  });
  const runner = await Runner.create(subject);
  runner.beginBatch();
  for (let i = 0; i < 256; i++) {
    const found = runner.run(i)?.found.find((f) => f.violation.code === 'RWSEM-EXCL');
    if (found === undefined) continue;
    const turned = staleReads(runner, found).flatMap((r) => r.turned ?? []);
    expect(turned).toContainEqual(
      expect.objectContaining({
        shape: 'buffers',
        third: expect.objectContaining({ word: expect.stringMatching(/read_count/) }),
        fourth: expect.objectContaining({ fn: '__percpu_down_read_trylock' }),
        writerAlone: false,
        readerAlone: true,
      }),
    );
    return;
  }
  expect.unreachable('it was not found');
});
