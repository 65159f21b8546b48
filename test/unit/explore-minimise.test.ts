// SPDX-License-Identifier: GPL-2.0-only
/** A finding becomes a short word that still shows it: hardly a preemption, nothing in the scenario but what it takes. */
import { expect, it } from 'vitest';
import { tokenOf } from '#src/explore/finding_report.js';
import { minimise } from '#src/explore/minimise.js';
import { subjectOfToken } from '#src/explore/prepare.js';
import { replay } from '#src/explore/replay.js';
import { decodeToken } from '#src/explore/token.js';
import { firstFinding } from '../support/finding.js';

const CODE = 'KLP-MISSED-SWITCH';

it('needs few preemptions and a small scenario, and its token shows the violation again', async () => {
  const { runner, found } = await firstFinding('hotplug', 'online-only', CODE, 30);
  const small = await minimise(runner, found, { budget: 600 });
  if (small === null) throw new Error('it did not come again');
  expect(small.before.preemptions).toBeGreaterThan(5);
  expect(small.after.preemptions).toBeLessThanOrEqual(1);
  expect(small.used).toBeLessThanOrEqual(600);
  const { explore, programs, patches } = small.subject.scenario;
  expect(explore).toMatchObject({ livepatch: 1, hotplug: 1, reverse: 0 });
  expect(programs.filter((p) => p.tasks > 0)).toEqual([]);
  expect(patches).toHaveLength(1);

  const word = tokenOf(small.subject, small.found);
  expect(word.length).toBeLessThan(tokenOf(runner.subject, found).length);
  const token = decodeToken(word);
  const again = await replay(subjectOfToken(token), token);
  expect(again.divergedAt).toBe(-1);
  expect(again.violations.map((v) => v.code)).toContain(CODE);
});
