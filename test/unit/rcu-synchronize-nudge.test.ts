// SPDX-License-Identifier: GPL-2.0-only
/** A CPU that runs on in the kernel is asked to reschedule, so a grace period does not wait for its pleasure. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

it('asks a CPU that does not report', async () => {
  const crew = await runCrew(createLab({ actors: 2, cpus: 1 }), [
    { job: 'cpu_busy', actor: 0 },
    { job: 'update', actor: 1, args: { busted: 0 } },
  ]);
  expect(crew.results[0]).toBeGreaterThan(0);
});
